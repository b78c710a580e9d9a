//! Checks of answers in JSON.

use crate::{
    failure::{Failure, ensure},
    http_client::Answer,
};
use http::{StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};

/// A token endpoint's answer.
/// [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1),
/// [Core section 3.1.3.3](https://openid.net/specs/openid-connect-core-1_0.html#TokenResponse)
#[derive(Debug, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    token_type: String,
    expires_in: u64,
    pub(crate) id_token: Option<String>,
    pub(crate) refresh_token: Option<String>,
}

/// What is wrong in the server's words.
/// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// Introspection's answer.
/// [RFC 7662 section 2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)
#[derive(Debug, Deserialize)]
struct Introspected {
    active: bool,
    client_id: Option<String>,
}

/// Userinfo's answer.
/// [Core section 5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse)
#[derive(Debug, Deserialize)]
struct UserInfo {
    sub: String,
}

pub(crate) fn tokens(answer: &Answer) -> Result<Tokens, Failure> {
    let tokens: Tokens = json(answer, "the token endpoint")?;
    ensure(
        tokens.token_type.eq_ignore_ascii_case("Bearer"),
        "the token is no bearer token",
    )?;
    ensure(tokens.expires_in > 0, "the token has expired already")?;
    ensure(
        tokens.access_token.len() >= 22,
        "the access token is shorter than 128 bits",
    )?;
    ensure(
        answer.header(header::CACHE_CONTROL).contains("no-store"),
        "the token endpoint's answer may be stored",
    )?;
    Ok(tokens)
}

/// Whether a code or refresh token was refused as one that does not count.
/// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)
pub(crate) fn is_refused_grant(answer: &Answer) -> bool {
    answer.status == StatusCode::BAD_REQUEST
        && serde_json::from_slice(&answer.body)
            .is_ok_and(|refusal: Refusal| refusal.error == "invalid_grant")
}

pub(crate) fn introspection(answer: &Answer, client: &str) -> Result<(), Failure> {
    let introspected: Introspected = json(answer, "introspection")?;
    ensure(
        introspected.active,
        "introspection calls a good token inactive",
    )?;
    ensure(
        introspected.client_id.as_deref() == Some(client),
        "introspection names another client",
    )
}

pub(crate) fn userinfo(answer: &Answer, subject: &str) -> Result<(), Failure> {
    let userinfo: UserInfo = json(answer, "userinfo")?;
    ensure(userinfo.sub == subject, "userinfo is about somebody else")
}

fn json<T: DeserializeOwned>(answer: &Answer, who: &str) -> Result<T, Failure> {
    if answer.status != StatusCode::OK {
        let error = serde_json::from_slice(&answer.body)
            .map(|refusal: Refusal| refusal.error)
            .unwrap_or_default();
        let status = answer.status.as_u16();
        let text = format!("{who} answered {status} {error}");
        return Err(Failure::new(text.trim_end()));
    }
    ensure(
        answer
            .header(header::CONTENT_TYPE)
            .starts_with("application/json"),
        &format!("{who} answered something else than JSON"),
    )?;
    serde_json::from_slice(&answer.body)
        .map_err(|_| Failure::new(format!("{who} answered without what must be there")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn answer(status: u16, body: &'static str) -> Answer {
        let headers = [
            (header::CONTENT_TYPE, "application/json; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .into_iter()
                .collect(),
            body: body.into(),
        }
    }

    #[test]
    fn a_right_token_response_is_read() {
        let body = r#"{"access_token": "0123456789012345678901", "token_type": "bearer",
            "expires_in": 60, "refresh_token": "r"}"#;
        let tokens = tokens(&answer(200, body)).unwrap();
        assert_eq!(tokens.refresh_token.as_deref(), Some("r"));
    }

    #[test]
    fn wrong_token_responses_are_errors() {
        let check = |answer: &Answer, expected: &str| {
            assert_eq!(tokens(answer).unwrap_err().to_string(), expected);
        };
        let refused = answer(
            400,
            r#"{"error": "invalid_grant", "error_description": "x"}"#,
        );
        check(&refused, "the token endpoint answered 400 invalid_grant");
        check(&answer(500, "oops"), "the token endpoint answered 500");
        check(
            &answer(200, r#"{"access_token": "0123456789012345678901"}"#),
            "the token endpoint answered without what must be there",
        );
        let right = r#"{"access_token": "0123456789012345678901", "token_type": "Bearer", "expires_in": 60}"#;
        let mut stored = answer(200, right);
        stored.headers.remove(header::CACHE_CONTROL);
        check(&stored, "the token endpoint's answer may be stored");
        let mut text = answer(200, right);
        text.headers.remove(header::CONTENT_TYPE);
        check(
            &text,
            "the token endpoint answered something else than JSON",
        );
    }

    #[test]
    fn only_invalid_grant_refuses_a_grant() {
        let refused = |status, body| is_refused_grant(&answer(status, body));
        assert!(refused(400, r#"{"error": "invalid_grant"}"#));
        assert!(!refused(400, r#"{"error": "invalid_request"}"#));
        assert!(!refused(500, r#"{"error": "invalid_grant"}"#));
        assert!(!refused(400, "oops"));
    }

    #[test]
    fn an_inactive_token_and_a_stranger_are_errors() {
        assert!(introspection(&answer(200, r#"{"active": true, "client_id": "c"}"#), "c").is_ok());
        assert!(introspection(&answer(200, r#"{"active": true, "client_id": "d"}"#), "c").is_err());
        assert!(introspection(&answer(200, r#"{"active": false}"#), "c").is_err());
        assert!(userinfo(&answer(200, r#"{"sub": "alice"}"#), "alice").is_ok());
        assert!(userinfo(&answer(200, r#"{"sub": "bo"}"#), "alice").is_err());
    }
}
