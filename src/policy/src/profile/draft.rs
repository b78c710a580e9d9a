//! What POST and PUT of a person carry. Beyond Akamai, whose people are reached
//! through another API; the attributes are those of its user schema.

use super::{Person, PrimaryAddress, Profile};
use crate::body::{Length, Members, PropertyError, too_many, whole_number};
use oidc::time::UnixTime;
use serde_json::{Map, Value};

/// How long an attribute of the standard schema may be, in characters.
const LONGEST: usize = 200;
/// How long an e-mail address may be, in characters.
/// [RFC 5321 section 4.5.3.1](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1)
const EMAIL: Length = 3..=254;
/// How long a name to sign in with may be, in characters.
const USERNAME: Length = 1..=100;
/// How long the description may be, in characters.
const LONGEST_DESCRIPTION: usize = 500;
/// How long a password may be, in bytes: what the provider will look at.
const LONGEST_PASSWORD: usize = 1024;
/// How many attributes of the customer's own a person may have.
const MOST_ATTRIBUTES: usize = 50;
/// How long all of them together may be, in bytes of JSON.
const LONGEST_ATTRIBUTES: usize = 8192;
/// How many arrays and objects may stand in one another in an attribute. Readers
/// of JSON give up somewhere, and not all of them at the same depth.
/// [RFC 8259 section 9](https://www.rfc-editor.org/rfc/rfc8259#section-9)
const DEEPEST_ATTRIBUTE: usize = 20;

/// A person without their UUID: what POST and PUT carry.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonDraft {
    /// The person. The UUID is empty.
    pub person: Person,
    /// The password to sign in with, if it is to be set.
    pub password: Option<String>,
}

impl PersonDraft {
    /// Reads a POST or PUT body. What is left out is empty afterwards, but
    /// there must be an e-mail address. `uuid` and `lastUpdated` are ours to
    /// say: the one is ignored, the other becomes `now`.
    ///
    /// `emailVerified` and `mobileNumberVerified` are times, or just `true` for
    /// `now`.
    ///
    /// # Errors
    /// Names the first property that cannot be stored.
    pub fn from_json(body: &Map<String, Value>, now: UnixTime) -> Result<Self, PropertyError> {
        let members = Members::of(body);
        let username = members.text("username", &USERNAME)?;
        let person = Person {
            username: username.map(str::to_owned),
            description: members.text_or_empty("description", LONGEST_DESCRIPTION)?,
            profile: profile(&members, now)?,
        };
        let password = password(&members)?;
        Ok(Self { person, password })
    }
}

fn profile(members: &Members<'_>, now: UnixTime) -> Result<Profile, PropertyError> {
    let text = |name: &'static str| members.text_or_empty(name, LONGEST);
    Ok(Profile {
        uuid: String::new(),
        given_name: text("givenName")?,
        middle_name: text("middleName")?,
        family_name: text("familyName")?,
        nickname: text("nickname")?,
        display_name: text("displayName")?,
        gender: text("gender")?,
        birthday: birthday(members)?,
        email: email(members)?,
        email_verified: moment(members, "emailVerified", now)?,
        mobile_number: text("mobileNumber")?,
        mobile_number_verified: moment(members, "mobileNumberVerified", now)?,
        primary_address: members
            .object("primaryAddress")?
            .map(|address| primary_address(&address))
            .transpose()?
            .unwrap_or_default(),
        last_updated: now.0,
        attributes: attributes(members)?,
    })
}

fn primary_address(members: &Members<'_>) -> Result<PrimaryAddress, PropertyError> {
    let text = |name: &'static str| members.text_or_empty(name, LONGEST);
    Ok(PrimaryAddress {
        address1: text("address1")?,
        address2: text("address2")?,
        city: text("city")?,
        state_abbreviation: text("stateAbbreviation")?,
        zip: text("zip")?,
        country: text("country")?,
    })
}

fn email(members: &Members<'_>) -> Result<String, PropertyError> {
    let text = members.text("email", &EMAIL)?;
    let text = members.required("email", text)?;
    if is_email(text) {
        Ok(text.to_owned())
    } else {
        Err(members.error("email", "value is not a valid email address"))
    }
}

/// Whether a person may have this e-mail address: something, an at sign,
/// something. Who really has it is not asked.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let (name, host) = text.rsplit_once('@').unwrap_or_default();
    EMAIL.contains(&text.chars().count())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && !name.is_empty()
        && !host.is_empty()
        && !name.contains('@')
}

/// YYYY-MM-DD, as the claim is written.
/// [Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)
fn birthday(members: &Members<'_>) -> Result<String, PropertyError> {
    let text = members.text_or_empty("birthday", LONGEST)?;
    if text.is_empty() || is_date(&text) {
        Ok(text)
    } else {
        Err(members.error("birthday", "invalid date format"))
    }
}

/// Whether this is a day of the calendar as YYYY-MM-DD.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<u32>().ok()).flatten()
    };
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Seconds since 1970, `true` for now, `false` for never.
fn moment(
    members: &Members<'_>,
    name: &'static str,
    now: UnixTime,
) -> Result<Option<i64>, PropertyError> {
    match members.get(name) {
        None | Some(Value::Bool(false)) => Ok(None),
        Some(Value::Bool(true)) => Ok(Some(now.0)),
        Some(value) => whole_number(value)
            .filter(|seconds| (0..=LAST_MOMENT).contains(seconds))
            .map(Some)
            .ok_or_else(|| members.error(name, "value is not a time in seconds since 1970")),
    }
}

/// The end of the year 9999.
const LAST_MOMENT: i64 = 253_402_300_799;

fn attributes(members: &Members<'_>) -> Result<Map<String, Value>, PropertyError> {
    const PROPERTY: &str = "attributes";
    let Some(given) = members.object(PROPERTY)? else {
        return Ok(Map::new());
    };
    if given.entries().count() > MOST_ATTRIBUTES {
        return Err(members.error(PROPERTY, too_many(MOST_ATTRIBUTES)));
    }
    if given.entries().any(|(name, _)| name.trim().is_empty()) {
        return Err(members.error(PROPERTY, "an attribute has a name"));
    }
    if given
        .entries()
        .any(|(_, value)| is_deep(value, DEEPEST_ATTRIBUTE))
    {
        let problem = format!("ensure this value is at most {DEEPEST_ATTRIBUTE} levels deep");
        return Err(members.error(PROPERTY, problem));
    }
    let own: Map<String, Value> = given
        .entries()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    let length = serde_json::to_string(&own).map_or(usize::MAX, |json| json.len());
    if length > LONGEST_ATTRIBUTES {
        let problem = format!("ensure this value has at most {LONGEST_ATTRIBUTES} bytes");
        return Err(members.error(PROPERTY, problem));
    }
    Ok(own)
}

/// Whether more than so many arrays and objects stand in one another.
fn is_deep(value: &Value, levels: usize) -> bool {
    let deep = |inner: &Value| is_deep(inner, levels - 1);
    match value {
        Value::Array(items) => levels == 0 || items.iter().any(deep),
        Value::Object(members) => levels == 0 || members.values().any(deep),
        _ => false,
    }
}

/// A password may hold anything, also spaces only.
fn password(members: &Members<'_>) -> Result<Option<String>, PropertyError> {
    let problem = match members.get("password") {
        None => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => {
            "ensure this value has at least 1 characters".to_owned()
        }
        Some(Value::String(text)) if text.len() <= LONGEST_PASSWORD => {
            return Ok(Some(text.clone()));
        }
        Some(Value::String(_)) => format!("ensure this value has at most {LONGEST_PASSWORD} bytes"),
        Some(_) => "str type expected".to_owned(),
    };
    Err(members.error("password", problem))
}

#[cfg(feature = "schema")]
mod described {
    use super::{
        EMAIL, LAST_MOMENT, LONGEST, LONGEST_DESCRIPTION, LONGEST_PASSWORD, MOST_ATTRIBUTES,
        PersonDraft, USERNAME,
    };
    use crate::schema::{describes, object, optional, optional_text};
    use serde_json::{Value, json};

    describes!(PersonDraft, "PersonDraft", person());

    fn person() -> Value {
        let text = || optional_text(&(0..=LONGEST));
        object(
            &["email"],
            json!({
                "username": optional_text(&USERNAME),
                "password": {
                    "description": "Required at POST. At PUT it is set when it is given. Never shown.",
                    "type": ["string", "null"],
                    "minLength": 1,
                    "maxLength": LONGEST_PASSWORD,
                    "writeOnly": true,
                },
                "description": optional_text(&(0..=LONGEST_DESCRIPTION)),
                "givenName": text(),
                "middleName": text(),
                "familyName": text(),
                "nickname": text(),
                "displayName": text(),
                "gender": text(),
                "birthday": {
                    "description": "A day of the calendar: YYYY-MM-DD.",
                    "anyOf": [
                        { "enum": ["", null] },
                        {
                            "type": "string",
                            "format": "date",
                            "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                        },
                    ],
                },
                "email": {
                    "type": "string",
                    "minLength": EMAIL.start(),
                    "maxLength": EMAIL.end(),
                    "pattern": r"^[^@\s\u0000-\u001f\u007f-\u009f]+@[^@\s\u0000-\u001f\u007f-\u009f]+$",
                },
                "emailVerified": moment(),
                "mobileNumber": text(),
                "mobileNumberVerified": moment(),
                "primaryAddress": optional(object(&[], json!({
                    "address1": text(),
                    "address2": text(),
                    "city": text(),
                    "stateAbbreviation": text(),
                    "zip": text(),
                    "country": text(),
                }))),
                "attributes": {
                    "description": "Attributes of your own, for custom claims. At most 8 kB, and 20 levels deep.",
                    "type": ["object", "null"],
                    "maxProperties": MOST_ATTRIBUTES,
                    "propertyNames": { "pattern": r"\S" },
                },
            }),
        )
    }

    fn moment() -> Value {
        json!({
            "description": "When it was verified, in seconds since 1970; `true` is now, `false` is never.",
            "type": ["integer", "boolean", "null"],
            "minimum": 0,
            "maximum": LAST_MOMENT,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const NOW: UnixTime = UnixTime(1_800_000_000);

    fn read(body: &Value) -> Result<PersonDraft, String> {
        PersonDraft::from_json(body.as_object().unwrap(), NOW).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_is_empty() {
        let draft = read(&json!({ "email": "eve@example.com", "givenName": null })).unwrap();
        let expected = Profile {
            email: "eve@example.com".to_owned(),
            last_updated: NOW.0,
            ..Profile::default()
        };
        assert_eq!(draft.person.profile, expected);
        assert_eq!((draft.person.username, draft.password), (None, None));
    }

    #[test]
    fn what_is_there_is_kept_except_what_is_ours_to_say() {
        let body = json!({
            "uuid": "mine", "lastUpdated": 1, "_links": {}, "username": "eve",
            "password": " ", "description": "d", "email": "eve@example.com",
            "emailVerified": true, "mobileNumberVerified": 7, "birthday": "2000-02-29",
            "primaryAddress": { "city": "Porto", "zip": null },
            "attributes": { "loyalty": { "level": "gold" }, "none": null },
        });
        let draft = read(&body).unwrap();
        let profile = &draft.person.profile;
        assert_eq!((profile.uuid.as_str(), profile.last_updated), ("", NOW.0));
        assert_eq!(profile.email_verified, Some(NOW.0));
        assert_eq!(profile.mobile_number_verified, Some(7));
        assert_eq!(profile.primary_address.city, "Porto");
        assert_eq!(profile.attributes["loyalty"], json!({ "level": "gold" }));
        assert_eq!(draft.person.username.as_deref(), Some("eve"));
        assert_eq!(draft.password.as_deref(), Some(" "));
    }

    fn refuses(cases: &[(&str, Value, &str)]) {
        for (member, value, problem) in cases {
            let mut body = json!({ "email": "eve@example.com" });
            body[*member] = value.clone();
            let error = read(&body).map(|_| ()).unwrap_err();
            assert_eq!(error, *problem);
        }
    }

    #[test]
    fn what_cannot_be_stored_is_named() {
        refuses(&[
            ("email", json!(null), "('email',) field required"),
            (
                "email",
                json!("eve"),
                "('email',) value is not a valid email address",
            ),
            (
                "email",
                json!("e@v@e"),
                "('email',) value is not a valid email address",
            ),
            (
                "email",
                json!("@example"),
                "('email',) value is not a valid email address",
            ),
            (
                "email",
                json!("e e@v.e"),
                "('email',) value is not a valid email address",
            ),
            (
                "username",
                json!(""),
                "('username',) ensure this value has at least 1 characters",
            ),
            (
                "password",
                json!(""),
                "('password',) ensure this value has at least 1 characters",
            ),
            ("password", json!(1), "('password',) str type expected"),
            (
                "password",
                json!("x".repeat(1025)),
                "('password',) ensure this value has at most 1024 bytes",
            ),
            (
                "givenName",
                json!(["Eve"]),
                "('givenName',) str type expected",
            ),
            (
                "birthday",
                json!("2001-02-29"),
                "('birthday',) invalid date format",
            ),
            (
                "birthday",
                json!("1.2.2001"),
                "('birthday',) invalid date format",
            ),
            (
                "birthday",
                json!("+001-01-01"),
                "('birthday',) invalid date format",
            ),
        ]);
    }

    #[test]
    fn what_has_no_fitting_shape_is_named() {
        let many: Map<String, Value> = (0..51).map(|at| (format!("a{at}"), json!(1))).collect();
        refuses(&[
            (
                "emailVerified",
                json!("yes"),
                "('emailVerified',) value is not a time in seconds since 1970",
            ),
            (
                "emailVerified",
                json!(-1),
                "('emailVerified',) value is not a time in seconds since 1970",
            ),
            (
                "primaryAddress",
                json!("here"),
                "('primaryAddress',) value is not a valid dict",
            ),
            (
                "primaryAddress",
                json!({ "zip": 1000 }),
                "('primaryAddress', 'zip') str type expected",
            ),
            (
                "attributes",
                json!([]),
                "('attributes',) value is not a valid dict",
            ),
            (
                "attributes",
                json!({ " ": 1 }),
                "('attributes',) an attribute has a name",
            ),
            (
                "attributes",
                json!(many),
                "('attributes',) ensure this value has at most 50 items",
            ),
            (
                "attributes",
                json!({ "a": "x".repeat(8192) }),
                "('attributes',) ensure this value has at most 8192 bytes",
            ),
        ]);
    }

    proptest! {
        #[test]
        fn writing_back_what_was_read_changes_nothing(
            given in "[a-zé]{0,8}", city in "[a-z]{0,8}", verified in proptest::option::of(0_i64..9_999),
            own in proptest::collection::btree_map("[a-z]{1,4}", any::<i32>(), 0..4),
        ) {
            let body = json!({
                "email": "eve@example.com", "givenName": given, "emailVerified": verified,
                "primaryAddress": { "city": city }, "attributes": own,
            });
            let person = read(&body).unwrap().person;
            let again = read(&serde_json::to_value(&person.profile).unwrap()).unwrap().person;
            prop_assert_eq!(again, person);
        }
    }
}
