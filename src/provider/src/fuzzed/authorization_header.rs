use super::headers;
use crate::{
    bearer::{self, Authorization},
    client_auth::{Presented, PresentedError},
    parameters::Parameters,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use http::{HeaderMap, header::AUTHORIZATION};
use policy::client::{Client, ClientType};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("authorization_header"));

/// The client a header names and what else it holds; `secret` is kept by that
/// client.
fn presented(headers: &HeaderMap) -> Result<Presented, PresentedError> {
    Presented::read(headers, &Parameters::query(None).unwrap())
}

fn client(secret: &str) -> Client {
    Client {
        id: "id".to_owned(),
        name: "name".to_owned(),
        client_type: ClientType::Confidential,
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        id_token_signed_response_alg: None,
        login_policy: None,
        token_policy: "policy".to_owned(),
        secret: Some(secret.to_owned()),
    }
}

/// What is read as a bearer token, and as the id of a client with its secret.
fn class(bytes: &[u8]) -> Option<(String, String)> {
    let headers = headers(&AUTHORIZATION, bytes)?;
    let bearer = match bearer::authorization(&headers) {
        Authorization::Absent => "absent".to_owned(),
        Authorization::Malformed => "malformed".to_owned(),
        Authorization::Bearer(token) if token.len() > 100 => "long".to_owned(),
        Authorization::Bearer(token) => format!("token {token}"),
    };
    let basic = match presented(&headers) {
        Ok(presented) => format!("client {}", presented.client_id),
        Err(error) => format!("{error:?}"),
    };
    Some((bearer, basic))
}

#[test]
fn kept_headers_are_read_as_stated() {
    let read = |bearer: &str, basic: &str| Some((bearer.to_owned(), basic.to_owned()));
    CORPUS.check(
        &[
            (
                "basic",
                read("malformed", "client 00000000-0000-4000-8000-000000000032"),
            ),
            ("basic-case", read("malformed", "client a")),
            ("basic-colons", read("malformed", "client a")),
            ("basic-cut-escape", read("malformed", "client a%")),
            ("basic-escaped", read("malformed", "client a:b")),
            ("basic-loose-bits", read("malformed", "Malformed")),
            ("basic-no-colon", read("malformed", "Malformed")),
            ("basic-no-id", read("malformed", "Malformed")),
            ("basic-no-padding", read("malformed", "Malformed")),
            ("basic-no-secret", read("malformed", "client a")),
            ("basic-nul", read("malformed", "client a\0")),
            ("basic-other-alphabet", read("malformed", "Malformed")),
            ("basic-overlong", read("malformed", "Malformed")),
            ("basic-padding", read("malformed", "Malformed")),
            ("basic-right-to-left", read("malformed", "client \u{202e}a")),
            (
                "bearer",
                read("token abc.def-ghi_jkl~mno+pqr/stu==", "Malformed"),
            ),
            ("bearer-alone", read("malformed", "Malformed")),
            ("bearer-case", read("token abc", "Malformed")),
            ("bearer-comma", read("malformed", "Malformed")),
            ("bearer-empty", read("malformed", "Malformed")),
            ("bearer-long", read("long", "Malformed")),
            ("bearer-quoted", read("malformed", "Malformed")),
            ("bearer-raw", read("malformed", "Malformed")),
            ("bearer-spaces", read("token abc", "Malformed")),
            ("bearer-tab", read("malformed", "Malformed")),
            ("bearer-two", read("malformed", "Malformed")),
            ("bearer-unicode", read("malformed", "Malformed")),
            ("digest", read("malformed", "Malformed")),
            ("empty", read("malformed", "Malformed")),
            ("negotiate", read("malformed", "Malformed")),
            ("space", read("malformed", "Malformed")),
        ],
        class,
    );
}

#[test]
fn a_bearer_token_is_what_stands_in_the_header() {
    hold(CORPUS.bytes(), |bytes| {
        let Some(headers) = headers(&AUTHORIZATION, &bytes) else {
            return Ok(());
        };
        if let Authorization::Bearer(token) = bearer::authorization(&headers) {
            let line = headers[AUTHORIZATION].to_str().unwrap();
            prop_assert_eq!(line.trim_end_matches(' ').rsplit(' ').next(), Some(token));
            prop_assert!(token.bytes().all(|byte| byte.is_ascii_graphic()));
            let other = super::headers(&AUTHORIZATION, format!("bearer {token}").as_bytes());
            let other = other.unwrap();
            prop_assert_eq!(bearer::authorization(&other), Authorization::Bearer(token));
            prop_assert!(presented(&headers).is_err());
        }
        Ok(())
    });
}

#[test]
fn basic_credentials_are_read_as_they_are_written() {
    hold((CORPUS.text(), CORPUS.text()), |(id, secret)| {
        let encoded =
            |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
        let line = STANDARD.encode(format!("{}:{}", encoded(&id), encoded(&secret)));
        let headers = headers(&AUTHORIZATION, format!("Basic {line}").as_bytes()).unwrap();
        let presented = presented(&headers);
        prop_assert_eq!(presented.is_ok(), !id.is_empty());
        if let Ok(presented) = presented {
            prop_assert_eq!(&presented.client_id, &id);
            prop_assert!(presented.proves(Some(&client(&secret))));
            let another = client(&(secret + " "));
            prop_assert!(!presented.proves(Some(&another)));
        }
        Ok(())
    });
}

#[test]
fn whatever_the_header_holds_proves_no_client_without_a_secret() {
    hold(CORPUS.bytes(), |bytes| {
        if let Some(headers) = headers(&AUTHORIZATION, &bytes)
            && let Ok(presented) = presented(&headers)
        {
            prop_assert!(!presented.client_id.is_empty());
            prop_assert!(presented.client_id.len() <= bytes.len() * 3);
            prop_assert!(!presented.proves(Some(&client("a secret nobody has"))));
            prop_assert!(!presented.proves(None));
        }
        Ok(())
    });
}
