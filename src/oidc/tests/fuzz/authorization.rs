use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::authorization::AuthorizationRequest;
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("authorization"));

fn decoded(query: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(query).into_owned().collect()
}

/// How many parameters are kept, or which stands there twice.
fn class(query: &[u8]) -> Result<usize, String> {
    AuthorizationRequest::from_pairs(decoded(query))
        .map(|request| request.parameters().len())
        .map_err(|repeated| repeated.0)
}

#[test]
fn kept_requests_are_read_as_stated() {
    let twice = |name: &str| Err(name.to_owned());
    CORPUS.check(
        &[
            ("case", Ok(0)),
            ("cut-escape", Ok(3)),
            ("empty", Ok(0)),
            ("long-state", Ok(1)),
            ("many", Ok(0)),
            ("newlines", Ok(2)),
            ("no-values", Ok(0)),
            ("nul", Ok(2)),
            ("overlong", Ok(2)),
            ("raw-bytes", Ok(2)),
            ("repeated", twice("client_id")),
            ("repeated-behind-escapes", twice("scope")),
            ("repeated-empty", twice("scope")),
            ("repeated-unknown", twice("x")),
            ("repeated-without-name", twice("")),
            ("request-object", Ok(4)),
            ("semicolons", Ok(1)),
            ("separators-only", Ok(0)),
            ("surrogate", Ok(1)),
            ("two-equals", Ok(1)),
            ("unicode", Ok(2)),
            ("whole", Ok(17)),
        ],
        class,
    );
}

#[test]
fn values_are_decoded_and_nothing_more() {
    for (file, state) in [
        ("two-equals", "a=b=="),
        ("cut-escape", "%2"),
        ("nul", "a\0b"),
        ("newlines", "a\r\nLocation: https://evil.example/"),
        ("overlong", "\u{fffd}\u{fffd}"),
        ("surrogate", "\u{fffd}\u{fffd}\u{fffd}"),
    ] {
        let request = AuthorizationRequest::from_pairs(decoded(CORPUS.bytes_of(file))).unwrap();
        assert_eq!(request.state.as_deref(), Some(state), "{file}");
    }
}

#[test]
fn a_request_reads_back_from_its_address() {
    hold(CORPUS.bytes(), |query| {
        let pairs = decoded(&query);
        let many = |name: &str| pairs.iter().filter(|(own, _)| own == name).count();
        match AuthorizationRequest::from_pairs(pairs.clone()) {
            Err(repeated) => prop_assert!(many(&repeated.0) > 1),
            Ok(request) => {
                for (name, value) in request.parameters() {
                    prop_assert_eq!(many(&name), 1);
                    prop_assert!(!value.is_empty());
                }
                let url = request.url("https://a.test/authorize?x=1");
                prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()));
                // A byte that is no text becomes three, of three characters each.
                prop_assert!(url.len() <= query.len() * 9 + 500);
                let (_, query) = url.split_once('?').unwrap();
                let again = decoded(query.as_bytes());
                prop_assert_eq!(AuthorizationRequest::from_pairs(again).unwrap(), request);
            }
        }
        Ok(())
    });
}
