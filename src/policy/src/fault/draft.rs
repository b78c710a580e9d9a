//! What POST of a fault carries.

use super::{Area, Endpoint, Fault, FaultName};
use crate::body::{Members, PropertyError, Step, not_permitted};
use serde_json::{Map, Value};

/// How often a fault may happen, if not for good.
const MOST_TIMES: i64 = 1_000_000;
/// How long the id of a client may be, in characters: far more than a UUID.
const LONGEST_ID: usize = 100;

/// A fault without its id: what POST carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultDraft {
    /// See [`Fault::name`].
    pub name: FaultName,
    /// See [`Fault::client`].
    pub client: Option<String>,
    /// See [`Fault::endpoints`].
    pub endpoints: Vec<Endpoint>,
    /// See [`Fault::value`].
    pub value: Option<i64>,
    /// See [`Fault::times`].
    pub times: Option<u32>,
}

impl FaultDraft {
    /// Reads a POST body. Whether there is such a client is not looked at.
    ///
    /// # Errors
    /// Names the first property that cannot be stored.
    pub fn from_json(body: &Map<String, Value>) -> Result<Self, PropertyError> {
        let members = Members::of(body);
        let names: Vec<&str> = FaultName::ALL.iter().map(|name| name.as_str()).collect();
        let name = members.word("name", FaultName::parse, &names)?;
        let name = members.required("name", name)?;
        let client = members.text("client", &(1..=LONGEST_ID))?;
        let endpoints = endpoints(&members, name)?;
        if client.is_some() && !knows_clients(name, &endpoints) {
            return Err(members.error("client", "all clients are told the same there"));
        }
        let times = members.integer("times", &(1..=MOST_TIMES))?;
        Ok(Self {
            name,
            client: client.map(str::to_owned),
            endpoints,
            value: value(&members, name)?,
            times: times.and_then(|times| u32::try_from(times).ok()),
        })
    }

    /// The fault with its id.
    #[must_use]
    pub fn with_id(self, id: String) -> Fault {
        Fault {
            id,
            name: self.name,
            client: self.client,
            endpoints: self.endpoints,
            value: self.value,
            times: self.times,
        }
    }
}

/// Whether the fault can happen where it is known which client asks.
fn knows_clients(name: FaultName, endpoints: &[Endpoint]) -> bool {
    name.knows_clients() && (endpoints.is_empty() || endpoints.iter().any(|at| at.knows_clients()))
}

fn endpoints(members: &Members<'_>, name: FaultName) -> Result<Vec<Endpoint>, PropertyError> {
    let words = Endpoint::ALL.map(Endpoint::as_str);
    let read = |item: &Value| {
        let word = item.as_str().and_then(Endpoint::parse);
        word.ok_or_else(|| not_permitted(&words))
    };
    let Some(listed) = members.list("endpoints", words.len(), read)? else {
        return Ok(Vec::new());
    };
    if name.area() != Area::Transport {
        return Err(members.error("endpoints", "this fault says itself where it happens"));
    }
    if listed.is_empty() {
        return Err(members.error("endpoints", "ensure this value has at least 1 items"));
    }
    for (index, endpoint) in listed.iter().enumerate() {
        if listed[..index].contains(endpoint) {
            let steps = [Step::Item(index)];
            return Err(members.error_below("endpoints", steps, "it is there twice"));
        }
    }
    Ok(listed)
}

fn value(members: &Members<'_>, name: FaultName) -> Result<Option<i64>, PropertyError> {
    match name.amount() {
        Some(amount) => members.integer("value", &(amount.least..=amount.most)),
        None if members.get("value").is_some() => {
            Err(members.error("value", "this fault has nothing to count"))
        }
        None => Ok(None),
    }
}

#[cfg(feature = "schema")]
mod described {
    use super::{Endpoint, FaultDraft, FaultName, LONGEST_ID, MOST_TIMES};
    use crate::schema::{describes, object, optional, optional_text};
    use serde_json::json;

    describes!(
        FaultDraft,
        "FaultDraft",
        object(
            &["name"],
            json!({
                "name": { "type": "string", "enum": FaultName::ALL },
                "client": optional_text(&(1..=LONGEST_ID)),
                "endpoints": optional(json!({
                    "type": "array",
                    "minItems": 1,
                    "maxItems": Endpoint::ALL.len(),
                    "uniqueItems": true,
                    "items": { "type": "string", "enum": Endpoint::ALL },
                })),
                "value": {
                    "description": "What it counts and within which bounds, the catalogue says. A number in quotes counts as the number.",
                    "type": ["integer", "string", "null"],
                    "pattern": r"^-?[0-9]{1,8}$",
                },
                "times": {
                    "description": "A number in quotes counts as the number.",
                    "type": ["integer", "string", "null"],
                    "minimum": 1,
                    "maximum": MOST_TIMES,
                    "pattern": r"^[0-9]{1,7}$",
                },
            }),
        )
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &Value) -> Result<FaultDraft, String> {
        let body = body.as_object().unwrap();
        FaultDraft::from_json(body).map_err(|error| error.to_string())
    }

    fn refused(body: &Value, problem: &str) {
        let error = read(body).unwrap_err();
        assert!(error.starts_with(problem), "{body}: {error}");
    }

    #[test]
    fn a_name_is_enough() {
        for name in FaultName::ALL {
            let draft = read(&json!({"name": name, "unknown": 1, "id": 2})).unwrap();
            let expected = FaultDraft {
                name: *name,
                client: None,
                endpoints: Vec::new(),
                value: None,
                times: None,
            };
            assert_eq!(draft, expected);
        }
    }

    #[test]
    fn all_that_is_said_is_kept_and_written_as_it_was_read() {
        let body = json!({
            "name": "slow", "client": "c", "endpoints": ["token", "jwk"], "value": 5, "times": 3
        });
        let fault = read(&body).unwrap().with_id("1".to_owned());
        let mut expected = body;
        expected["id"] = json!("1");
        assert_eq!(json!(fault), expected);
        let again: Fault = serde_json::from_value(json!(fault)).unwrap();
        assert_eq!(again, fault);
    }

    #[test]
    fn what_cannot_be_stored_is_named() {
        let table = [
            (json!({}), "('name',) field required"),
            (
                json!({"name": 5}),
                "('name',) value is not a valid enumeration member",
            ),
            (
                json!({"name": "loud"}),
                "('name',) value is not a valid enumeration member",
            ),
            (
                json!({"name": "slow", "client": 1}),
                "('client',) str type expected",
            ),
            (
                json!({"name": "slow", "client": ""}),
                "('client',) ensure this value has at least 1",
            ),
            (
                json!({"name": "slow", "client": "x".repeat(101)}),
                "('client',) ensure this value has at most 100",
            ),
            (
                json!({"name": "jwks-empty", "client": "c"}),
                "('client',) all clients are told the same there",
            ),
            (
                json!({"name": "slow", "client": "c", "endpoints": ["jwk", "discovery"]}),
                "('client',) all clients are told the same there",
            ),
            (
                json!({"name": "slow", "endpoints": "token"}),
                "('endpoints',) value is not a valid list",
            ),
            (
                json!({"name": "slow", "endpoints": []}),
                "('endpoints',) ensure this value has at least 1 items",
            ),
            (
                json!({"name": "slow", "endpoints": ["token", "config"]}),
                "('endpoints', 1) value is not a valid enumeration member; permitted: 'discovery', ",
            ),
            (
                json!({"name": "slow", "endpoints": ["jwk", "jwk"]}),
                "('endpoints', 1) it is there twice",
            ),
            (
                json!({"name": "slow", "endpoints": vec!["jwk"; 50]}),
                "('endpoints',) ensure this value has at most 9 items",
            ),
            (
                json!({"name": "bad-signature", "endpoints": ["token"]}),
                "('endpoints',) this fault says itself where it happens",
            ),
        ];
        for (body, problem) in table {
            refused(&body, problem);
        }
    }

    #[test]
    fn numbers_keep_to_their_bounds() {
        let table = [
            (
                json!({"name": "bad-signature", "value": 1}),
                "('value',) this fault has nothing to count",
            ),
            (
                json!({"name": "slow", "value": 0}),
                "('value',) ensure this value is greater than or equal to 1",
            ),
            (
                json!({"name": "slow", "value": 30_001}),
                "('value',) ensure this value is less than or equal to 30000",
            ),
            (
                json!({"name": "slow", "value": 1.5}),
                "('value',) value is not a valid integer",
            ),
            (
                json!({"name": "slow", "value": 1e300}),
                "('value',) value is not a valid integer",
            ),
            (
                json!({"name": "slow", "value": u64::MAX}),
                "('value',) value is not a valid integer",
            ),
            (
                json!({"name": "slow", "value": true}),
                "('value',) value is not a valid integer",
            ),
            (
                json!({"name": "clock-skew", "value": -86_401}),
                "('value',) ensure this value is greater than or equal to -86400",
            ),
            (
                json!({"name": "slow", "times": 0}),
                "('times',) ensure this value is greater than or equal to 1",
            ),
            (
                json!({"name": "slow", "times": 1_000_001}),
                "('times',) ensure this value is less than or equal to 1000000",
            ),
            (
                json!({"name": "slow", "times": [1]}),
                "('times',) value is not a valid integer",
            ),
        ];
        for (body, problem) in table {
            refused(&body, problem);
        }
    }

    #[test]
    fn null_counts_as_left_out() {
        let body = json!({"name": "slow", "client": null, "endpoints": null, "value": null, "times": null});
        assert_eq!(read(&body), read(&json!({"name": "slow"})));
    }
}
