//! The `claims` parameter: single claims, asked for by name.
//! [Core section 5.5](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter)

use serde_json::{Map, Value};

/// More names than any request needs.
const MAX_CLAIMS: usize = 200;

/// What a `claims` parameter asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsRequest {
    /// What userinfo is to tell.
    pub userinfo: Vec<RequestedClaim>,
    /// What the ID token is to hold.
    pub id_token: Vec<RequestedClaim>,
}

/// One claim, and what is said about it.
/// [Core section 5.5.1](https://openid.net/specs/openid-connect-core-1_0.html#IndividualClaimsRequests)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedClaim {
    /// Its name.
    pub name: String,
    /// Whether the client cannot do without it.
    pub essential: bool,
    /// The values the client would take, the preferred first; empty when any will do.
    pub values: Vec<Value>,
}

/// Why a `claims` parameter cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsRequestError {
    /// It is no JSON, or no object.
    #[error("claims must be a JSON object")]
    NotAnObject,
    /// A member that has a meaning is not written as it must be.
    #[error("claims: {0} must be {1}")]
    Member(&'static str, &'static str),
    /// It asks for more than anybody needs.
    #[error("claims asks for too many claims")]
    TooMany,
}

impl ClaimsRequest {
    /// Reads the parameter. Members that no specification gives a meaning are
    /// ignored.
    ///
    /// # Errors
    /// When it is not JSON, or a known member has the wrong type.
    pub fn parse(text: &str) -> Result<Self, ClaimsRequestError> {
        let object: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| ClaimsRequestError::NotAnObject)?;
        let read = Self {
            userinfo: member(&object, "userinfo")?,
            id_token: member(&object, "id_token")?,
        };
        if read.userinfo.len() + read.id_token.len() > MAX_CLAIMS {
            return Err(ClaimsRequestError::TooMany);
        }
        Ok(read)
    }

    /// What is said about a claim of the ID token.
    #[must_use]
    pub fn in_id_token(&self, name: &str) -> Option<&RequestedClaim> {
        self.id_token.iter().find(|claim| claim.name == name)
    }
}

fn member(
    object: &Map<String, Value>,
    name: &'static str,
) -> Result<Vec<RequestedClaim>, ClaimsRequestError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Object(claims)) => claims
            .iter()
            .map(|(claim, said)| requested(claim, said))
            .collect(),
        Some(_) => Err(ClaimsRequestError::Member(name, "an object")),
    }
}

fn requested(name: &str, said: &Value) -> Result<RequestedClaim, ClaimsRequestError> {
    let mut claim = RequestedClaim {
        name: name.to_owned(),
        essential: false,
        values: Vec::new(),
    };
    let said = match said {
        Value::Null => return Ok(claim),
        Value::Object(said) => said,
        _ => {
            return Err(ClaimsRequestError::Member(
                "what is said about a claim",
                "null or an object",
            ));
        }
    };
    match said.get("essential") {
        None => {}
        Some(Value::Bool(essential)) => claim.essential = *essential,
        Some(_) => return Err(ClaimsRequestError::Member("essential", "a boolean")),
    }
    match said.get("values") {
        None => {}
        Some(Value::Array(values)) => claim.values.clone_from(values),
        Some(_) => return Err(ClaimsRequestError::Member("values", "an array")),
    }
    claim.values.extend(said.get("value").cloned());
    Ok(claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_is_read() {
        let text = r#"{"userinfo":{"email":null,"name":{"essential":true}},
            "id_token":{"acr":{"values":["a","b"]},"sub":{"value":"248289761001"}},"other":1}"#;
        let read = ClaimsRequest::parse(text).unwrap();
        let names: Vec<&str> = read.userinfo.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["email", "name"]);
        assert!(!read.userinfo[0].essential && read.userinfo[1].essential);
        assert_eq!(read.in_id_token("acr").unwrap().values, ["a", "b"]);
        assert_eq!(read.in_id_token("sub").unwrap().values, ["248289761001"]);
        assert_eq!(read.in_id_token("email"), None);
    }

    #[test]
    fn wrong_types_are_named() {
        for (text, problem) in [
            ("", "claims must be a JSON object"),
            ("[]", "claims must be a JSON object"),
            (r#"{"userinfo":[]}"#, "claims: userinfo must be an object"),
            (
                r#"{"id_token":{"acr":true}}"#,
                "claims: what is said about a claim must be null or an object",
            ),
            (
                r#"{"id_token":{"acr":{"essential":"yes"}}}"#,
                "claims: essential must be a boolean",
            ),
            (
                r#"{"id_token":{"acr":{"values":"a"}}}"#,
                "claims: values must be an array",
            ),
        ] {
            assert_eq!(ClaimsRequest::parse(text).unwrap_err().to_string(), problem);
        }
    }

    #[test]
    fn a_flood_of_claims_is_refused() {
        let members: Vec<String> = (0..=MAX_CLAIMS)
            .map(|i| format!(r#""c{i}":null"#))
            .collect();
        let text = format!(r#"{{"userinfo":{{{}}}}}"#, members.join(","));
        assert_eq!(
            ClaimsRequest::parse(&text),
            Err(ClaimsRequestError::TooMany)
        );
    }
}
