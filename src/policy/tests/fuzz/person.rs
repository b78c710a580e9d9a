use crate::{Body, check_refusal, class, hold_for_bodies, refused, shown};
use fuzz::{Corpus, corpus, prop_assert, prop_assert_eq};
use oidc::time::UnixTime;
use policy::profile::{Person, PersonDraft};
use serde_json::json;
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("person"));

const NOW: UnixTime = UnixTime(1_800_000_000);

#[test]
fn kept_bodies_are_read_as_stated() {
    let no_time = |name| {
        refused(&format!(
            "('{name}',) value is not a time in seconds since 1970"
        ))
    };
    let no_date = || refused("('birthday',) invalid date format");
    let no_email = || refused("('email',) value is not a valid email address");
    CORPUS.check(
        &[
            (
                "address-number",
                refused("('primaryAddress', 'zip') str type expected"),
            ),
            (
                "address-text",
                refused("('primaryAddress',) value is not a valid dict"),
            ),
            (
                "attribute-deep",
                refused("('attributes',) ensure this value is at most 20 levels deep"),
            ),
            ("attribute-deep-enough", Ok(None)),
            ("attribute-escapes", Ok(None)),
            (
                "attribute-nameless",
                refused("('attributes',) an attribute has a name"),
            ),
            ("attribute-numbers", Ok(None)),
            ("attribute-twice", Ok(None)),
            (
                "attributes-array",
                refused("('attributes',) value is not a valid dict"),
            ),
            (
                "attributes-large",
                refused("('attributes',) ensure this value has at most 8192 bytes"),
            ),
            (
                "attributes-many",
                refused("('attributes',) ensure this value has at most 50 items"),
            ),
            ("birthday-leap", no_date()),
            ("birthday-month", no_date()),
            ("birthday-other-digits", no_date()),
            ("birthday-signed", no_date()),
            ("birthday-time", no_date()),
            (
                "control-character",
                refused("('givenName',) ensure this value has no control characters"),
            ),
            ("email-array", refused("('email',) str type expected")),
            (
                "email-long",
                refused("('email',) ensure this value has at most 254 characters"),
            ),
            (
                "email-newline",
                refused("('email',) ensure this value has no control characters"),
            ),
            ("email-space", no_email()),
            ("email-two-ats", no_email()),
            ("email-unicode-space", no_email()),
            ("email-zero-width", Ok(None)),
            ("empty", refused("no object")),
            ("empty-object", refused("('email',) field required")),
            (
                "password-empty",
                refused("('password',) ensure this value has at least 1 characters"),
            ),
            (
                "password-long",
                refused("('password',) ensure this value has at most 1024 bytes"),
            ),
            ("password-nul", Ok(None)),
            (
                "password-number",
                refused("('password',) str type expected"),
            ),
            ("smallest", Ok(None)),
            ("surrogate", refused("no object")),
            (
                "username-spaces",
                refused("('username',) ensure this value has at least 1 characters"),
            ),
            ("verified-exponent", Ok(Some(1000))),
            ("verified-huge", refused("no object")),
            ("verified-minus-zero", Ok(Some(0))),
            ("verified-minus-zero-float", Ok(Some(0))),
            ("verified-text", no_time("emailVerified")),
            ("verified-too-late", no_time("mobileNumberVerified")),
            ("whole", Ok(Some(NOW.0))),
        ],
        |bytes| {
            class(bytes, |body| PersonDraft::from_json(body, NOW))
                .map(|draft| draft.person.profile.email_verified)
        },
    );
}

/// What a person looks like when they are shown.
fn document(person: &Person) -> Body {
    let mut document = shown(&person.profile);
    document.insert("username".to_owned(), json!(person.username));
    document.insert("description".to_owned(), json!(person.description));
    document
}

#[test]
fn a_person_who_is_read_reads_back() {
    hold_for_bodies(&CORPUS, |body| {
        let draft = match PersonDraft::from_json(body, NOW) {
            Ok(draft) => draft,
            Err(error) => return check_refusal(body, &error),
        };
        let profile = &draft.person.profile;
        prop_assert_eq!((profile.uuid.as_str(), profile.last_updated), ("", NOW.0));
        prop_assert!(profile.email.contains('@') && profile.email.chars().count() <= 254);
        prop_assert!(json!(profile.attributes).to_string().len() <= 8192);
        let again = PersonDraft::from_json(&document(&draft.person), NOW).unwrap();
        prop_assert_eq!(again.person, draft.person);
        // A password is never shown.
        prop_assert_eq!(again.password, None);
        Ok(())
    });
}
