use crate::parameters::{MAX_FIELDS, Parameters, ParametersError};
use axum::body::Body;
use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use http::{Request, header::CONTENT_TYPE};
use std::{collections::HashSet, sync::LazyLock};
use tokio::runtime::Builder;

static FORMS: LazyLock<Corpus> = LazyLock::new(|| corpus!("form"));
static MULTIPARTS: LazyLock<Corpus> = LazyLock::new(|| corpus!("multipart"));

const FORM: &str = "application/x-www-form-urlencoded";
/// The boundary is the one in the files.
const MULTIPART: &str = "multipart/form-data; boundary=b";

fn read(content_type: &str, body: &[u8]) -> Result<Parameters, ParametersError> {
    let request = Request::post("/")
        .header(CONTENT_TYPE, content_type)
        .body(Body::from(body.to_vec()))
        .unwrap();
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(Parameters::form_or_multipart(request))
}

fn refused(reason: &str) -> Result<Option<String>, String> {
    Err(reason.to_owned())
}

/// The value of `code`, or why nothing is read.
fn class(content_type: &str, body: &[u8]) -> Result<Option<String>, String> {
    read(content_type, body)
        .map(|parameters| parameters.get("code").map(str::to_owned))
        .map_err(|error| error.to_string())
}

#[test]
fn kept_forms_are_read_as_stated() {
    let code = |value: &str| Ok(Some(value.to_owned()));
    FORMS.check(
        &[
            ("byte-order-mark", Ok(None)),
            ("code", code("abc")),
            ("cut-escape", code("%")),
            ("empty", Ok(None)),
            ("json", Ok(None)),
            ("machine", Ok(None)),
            ("most", Ok(None)),
            ("newlines", code("a\r\nb")),
            ("no-values", Ok(None)),
            ("nul", code("a\0b")),
            ("overlong", code("\u{fffd}\u{fffd}")),
            ("plus-and-space", Ok(None)),
            ("raw-bytes", code("\u{fffd}\u{fffd}")),
            ("refresh", Ok(None)),
            (
                "repeated",
                refused("The parameter scope is there more than once"),
            ),
            (
                "repeated-behind-escapes",
                refused("The parameter scope is there more than once"),
            ),
            (
                "repeated-without-name",
                refused("The parameter  is there more than once"),
            ),
            ("revoke", Ok(None)),
            ("right-to-left", Ok(None)),
            ("separators-only", Ok(None)),
            ("sign-in", Ok(None)),
            ("surrogate", code("\u{fffd}\u{fffd}\u{fffd}")),
            ("too-many", refused("The request body has too many fields")),
        ],
        |body| class(FORM, body),
    );
}

#[test]
fn kept_multipart_bodies_are_read_as_stated() {
    let code = |value: &str| Ok(Some(value.to_owned()));
    MULTIPARTS.check(
        &[
            ("byte-order-mark", code("\u{feff}abc")),
            ("boundary-in-value", code("a--b")),
            ("charset", code("abcd")),
            ("code", code("abc")),
            ("cut", refused("The request body could not be read")),
            ("empty", refused("The request body could not be read")),
            ("end-only", Ok(None)),
            ("file", code("abc")),
            (
                "line-feeds-only",
                refused("The request body could not be read"),
            ),
            ("long-header", code("a")),
            ("nameless", Ok(None)),
            ("newlines", code("a\r\n\r\nb")),
            ("no-end", refused("The request body could not be read")),
            ("no-headers", refused("The request body could not be read")),
            ("nul", code("a\0b")),
            (
                "other-boundary",
                refused("The request body could not be read"),
            ),
            ("overlong", code("\u{fffd}\u{fffd}")),
            ("preamble", code("a")),
            ("quote-in-name", Ok(None)),
            (
                "repeated",
                refused("The parameter code is there more than once"),
            ),
            ("right-to-left", code("\u{202e}abc")),
            ("too-many", refused("The request body has too many fields")),
        ],
        |body| class(MULTIPART, body),
    );
}

#[test]
fn a_form_is_read_as_a_query_is_and_says_everything_once() {
    hold(FORMS.bytes(), |body| {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        let names: HashSet<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        let form = read(FORM, &body);
        match &form {
            Ok(parameters) => {
                prop_assert!(pairs.len() <= MAX_FIELDS && names.len() == pairs.len());
                for (name, value) in &pairs {
                    let expected = Some(value.as_str()).filter(|value| !value.is_empty());
                    prop_assert_eq!(parameters.get(name), expected);
                }
                prop_assert_eq!(parameters.get("no such name"), None);
            }
            Err(ParametersError::TooMany) => prop_assert!(pairs.len() > MAX_FIELDS),
            Err(ParametersError::Repeated(name)) => {
                prop_assert!(pairs.iter().filter(|(own, _)| own == name).count() > 1);
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
        if let Ok(query) = std::str::from_utf8(&body) {
            let query = Parameters::query(Some(query));
            prop_assert_eq!(query.err(), form.err());
        }
        Ok(())
    });
}

#[test]
fn multipart_says_what_the_form_says() {
    let plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    hold(FORMS.bytes(), |body| {
        let Ok(form) = read(FORM, &body) else {
            return Ok(());
        };
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&body)
            .into_owned()
            .filter(|(name, value)| plain(name) && !value.contains("\r\n--b"))
            .collect();
        let part = |(name, value): &(String, String)| {
            format!("--b\r\nContent-Disposition: form-data; name={name:?}\r\n\r\n{value}\r\n")
        };
        let parts: Vec<String> = pairs.iter().map(part).collect();
        let written = parts.concat() + "--b--\r\n";
        let multipart = read(MULTIPART, written.as_bytes());
        let multipart = multipart.map_err(|error| fuzz::TestCaseError::fail(error.to_string()))?;
        for (name, _) in &pairs {
            prop_assert_eq!(multipart.get(name), form.get(name));
        }
        Ok(())
    });
}

#[test]
fn whatever_is_in_a_multipart_body_is_read_or_refused() {
    hold(MULTIPARTS.bytes(), |body| {
        match read(MULTIPART, &body) {
            Ok(parameters) => {
                let code = parameters.get("code").unwrap_or("a");
                prop_assert!(!code.is_empty() && code.len() <= body.len() * 3);
            }
            Err(error) => prop_assert!(error.to_string().len() <= body.len() + 100),
        }
        Ok(())
    });
}
