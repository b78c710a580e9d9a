//! Which parts of a message are secrets.

use serde_json::from_str;
use std::ops::Range;

/// A piece of a message, told apart by whether it may be shown at once. The
/// pieces of a text joined are the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Anyone may see it.
    Plain(String),
    /// A token, code, secret, password or cookie.
    Secret(String),
}

/// What stands in place of a secret.
pub const MASK: &str = "••••••";

impl Piece {
    /// The text as it stands in the message.
    #[must_use]
    pub fn text(&self) -> &str {
        let (Self::Plain(text) | Self::Secret(text)) = self;
        text
    }

    /// The text, with [`MASK`] in place of a secret.
    #[must_use]
    pub fn masked(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(_) => MASK,
        }
    }
}

/// Splits an address into what anyone may see and what is masked.
#[must_use]
pub fn url_pieces(url: &str) -> Vec<Piece> {
    pieces(url, &secrets_of_url(url))
}

/// Splits the value of a header field into what anyone may see and what is
/// masked. The name may be written in any case.
#[must_use]
pub fn header_pieces(name: &str, value: &str) -> Vec<Piece> {
    pieces(value, &secrets_of_header(name, value))
}

/// Splits a body into what anyone may see and what is masked. JSON is told
/// from a form by its first character; anything else is shown whole.
#[must_use]
pub fn body_pieces(body: &str) -> Vec<Piece> {
    pieces(body, &secrets_of_body(body))
}

/// A secret in a text: where it stands, and what to call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    pub(super) at: Range<usize>,
    /// For example `access_token`.
    pub(super) name: String,
}

fn pieces(text: &str, secrets: &[Secret]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain_from = 0;
    for Secret { at, .. } in secrets {
        if plain_from < at.start {
            pieces.push(Piece::Plain(text[plain_from..at.start].to_owned()));
        }
        pieces.push(Piece::Secret(text[at.clone()].to_owned()));
        plain_from = at.end;
    }
    if plain_from < text.len() {
        pieces.push(Piece::Plain(text[plain_from..].to_owned()));
    }
    pieces
}

/// Whether the value of a query or form parameter is a secret.
fn is_secret_parameter(name: &str) -> bool {
    matches!(name, "code" | "code_verifier" | "token") || is_secret_member(name)
}

/// Whether the value of a JSON member is a secret.
fn is_secret_member(name: &str) -> bool {
    matches!(
        name,
        "access_token"
            | "refresh_token"
            | "id_token"
            | "id_token_hint"
            | "client_secret"
            | "client_assertion"
            // As the configuration API calls them.
            | "secret"
            | "clientSecret"
            | "password"
    )
}

pub(super) fn secrets_of_url(url: &str) -> Vec<Secret> {
    let Some(query) = url.find(['?', '#']).map(|at| at + 1) else {
        return Vec::new();
    };
    secrets_of_form(url, query..url.len(), &['&', '#', '?'])
}

pub(super) fn secrets_of_header(name: &str, value: &str) -> Vec<Secret> {
    match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => {
            // The scheme says how to read the rest and is no secret.
            let from = value.find(' ').map_or(0, |at| at + 1);
            let name = match &value[..from] {
                scheme if scheme.eq_ignore_ascii_case("bearer ") => "access_token",
                scheme if scheme.eq_ignore_ascii_case("basic ") => "client_credentials",
                _ => "authorization",
            };
            secret(from..value.len(), name).into_iter().collect()
        }
        "cookie" => secrets_of_cookies(value, value.len()),
        // The attributes after the first semicolon are no secret.
        "set-cookie" => secrets_of_cookies(value, value.find(';').unwrap_or(value.len())),
        "location" | "referer" => secrets_of_url(value),
        _ => Vec::new(),
    }
}

pub(super) fn secrets_of_body(body: &str) -> Vec<Secret> {
    if body.trim_start().starts_with(['{', '[']) {
        secrets_of_json(body)
    } else {
        secrets_of_form(body, 0..body.len(), &['&', '\n'])
    }
}

fn secret(at: Range<usize>, name: &str) -> Option<Secret> {
    let name = name.to_owned();
    (!at.is_empty()).then_some(Secret { at, name })
}

/// The parts of a range between separators.
fn parts(text: &str, range: Range<usize>, separators: &[char]) -> Vec<Range<usize>> {
    let mut from = range.start;
    let mut parts = Vec::new();
    for (at, separator) in text[range.clone()].match_indices(separators) {
        let at = range.start + at;
        parts.push(from..at);
        from = at + separator.len();
    }
    parts.push(from..range.end);
    parts
}

fn secrets_of_form(text: &str, range: Range<usize>, separators: &[char]) -> Vec<Secret> {
    parts(text, range, separators)
        .into_iter()
        .filter_map(|part| {
            let (name, _) = form_urlencoded::parse(text[part.clone()].as_bytes()).next()?;
            let value = part.start + text[part.clone()].find('=')? + 1;
            is_secret_parameter(&name).then(|| secret(value..part.end, &name))?
        })
        .collect()
}

fn secrets_of_cookies(text: &str, end: usize) -> Vec<Secret> {
    parts(text, 0..end, &[';'])
        .into_iter()
        .filter_map(|part| match text[part.clone()].find('=') {
            Some(at) => {
                let name = text[part.start..part.start + at].trim();
                secret(part.start + at + 1..part.end, name)
            }
            None => secret(part, "cookie"),
        })
        .collect()
}

/// Finds the strings below secret members. Goes by the quotes alone, so that a
/// body cut off in the middle is masked as well.
fn secrets_of_json(text: &str) -> Vec<Secret> {
    let mut secrets = Vec::new();
    let mut depth = 0_usize;
    // The secret member we are in, and the depth at which it ends.
    let mut inside: Option<(String, usize)> = None;
    let mut at = 0;
    while let Some(found) = text[at..].find(['"', '{', '[', '}', ']', ',']) {
        at += found;
        match text.as_bytes()[at] {
            b'"' => {
                let end = end_of_string(text, at + 1);
                let after = text[end..].trim_start_matches('"').trim_start();
                if let Some((name, _)) = &inside {
                    secrets.extend(secret(at + 1..end, name));
                } else if after.starts_with(':') {
                    let name = from_str(&text[at..(end + 1).min(text.len())])
                        .unwrap_or_else(|_| text[at + 1..end].to_owned());
                    if is_secret_member(&name) {
                        inside = Some((name, depth));
                    }
                }
                at = (end + 1).min(text.len());
                continue;
            }
            b'{' | b'[' => depth += 1,
            mark => {
                if mark != b',' {
                    depth = depth.saturating_sub(1);
                }
                if inside.as_ref().is_some_and(|(_, level)| depth <= *level) {
                    inside = None;
                }
            }
        }
        at += 1;
    }
    secrets
}

/// Where the string that begins at `from` ends: its closing quote, or the end
/// of the text.
fn end_of_string(text: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, byte) in text.as_bytes().iter().enumerate().skip(from) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Piece, body_pieces, header_pieces, url_pieces};
    use proptest::prelude::*;

    /// Shows the secrets of a text in angle brackets.
    fn shown(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.clone(),
                Piece::Secret(text) => format!("<{text}>"),
            })
            .collect()
    }

    #[test]
    fn secrets_of_addresses_are_found() {
        for (url, expected) in [
            ("https://a.test/x", "https://a.test/x"),
            ("/cb?code=abc&state=s", "/cb?code=<abc>&state=s"),
            ("/cb?state=s&code=abc#top", "/cb?state=s&code=<abc>#top"),
            ("/cb#access_token=t&x=1", "/cb#access_token=<t>&x=1"),
            ("/cb?code_challenge=c", "/cb?code_challenge=c"),
            ("/cb?c%6Fde=abc", "/cb?c%6Fde=<abc>"),
            ("/cb?code=", "/cb?code="),
            ("/cb?code", "/cb?code"),
        ] {
            assert_eq!(shown(&url_pieces(url)), expected);
        }
    }

    #[test]
    fn secrets_of_header_fields_are_found() {
        for (name, value, expected) in [
            ("authorization", "Basic YTpi", "Basic <YTpi>"),
            ("Authorization", "bearer t", "bearer <t>"),
            ("authorization", "garbage", "<garbage>"),
            (
                "cookie",
                "sandbox=k; theme=dark",
                "sandbox=<k>; theme=<dark>",
            ),
            (
                "set-cookie",
                "sandbox=k; Path=/; HttpOnly",
                "sandbox=<k>; Path=/; HttpOnly",
            ),
            ("location", "/cb?code=abc", "/cb?code=<abc>"),
            (
                "www-authenticate",
                "Bearer error=\"invalid_token\"",
                "Bearer error=\"invalid_token\"",
            ),
            ("accept", "application/json", "application/json"),
        ] {
            assert_eq!(shown(&header_pieces(name, value)), expected);
        }
    }

    #[test]
    fn secrets_of_bodies_are_found() {
        for (body, expected) in [
            ("", ""),
            (
                "grant_type=authorization_code&code=c&code_verifier=v&client_id=i",
                "grant_type=authorization_code&code=<c>&code_verifier=<v>&client_id=i",
            ),
            (
                "grant_type=refresh_token&refresh_token=r&client_id=i",
                "grant_type=refresh_token&refresh_token=<r>&client_id=i",
            ),
            (
                "token=t&token_type_hint=refresh_token&client_id=i",
                "token=<t>&token_type_hint=refresh_token&client_id=i",
            ),
            (
                r#"{"access_token":"a","expires_in":3600,"id_token" : "i","scope":"openid"}"#,
                r#"{"access_token":"<a>","expires_in":3600,"id_token" : "<i>","scope":"openid"}"#,
            ),
            (
                r#"{"access_token":"a","token_type":"Bearer","refresh_token":"r"}"#,
                r#"{"access_token":"<a>","token_type":"Bearer","refresh_token":"<r>"}"#,
            ),
            (r#"{"access_token":"a\"b"}"#, r#"{"access_token":"<a\"b>"}"#),
            (
                r#"{"access\u005ftoken":"a"}"#,
                r#"{"access\u005ftoken":"<a>"}"#,
            ),
            (r#"{"access_token":"cut o"#, r#"{"access_token":"<cut o>"#),
            (
                r#"{"access_token":["a",{"b":"c"}],"d":"e"}"#,
                r#"{"access_token":["<a>",{"<b>":"<c>"}],"d":"e"}"#,
            ),
            (
                r#"{"access_token":null,"d":"e"}"#,
                r#"{"access_token":null,"d":"e"}"#,
            ),
            (
                r#"{"secret":"s","clientSecret":"t","password":"p","code":1}"#,
                r#"{"secret":"<s>","clientSecret":"<t>","password":"<p>","code":1}"#,
            ),
            (
                r#"[{"client_secret":"s"},"t"]"#,
                r#"[{"client_secret":"<s>"},"t"]"#,
            ),
            ("<html>no secret</html>", "<html>no secret</html>"),
        ] {
            assert_eq!(shown(&body_pieces(body)), expected);
        }
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(text in r#"([a-z_=&?#;:,"{}\[\] \\]|access_token|code=|\PC){0,60}"#) {
            for pieces in [url_pieces(&text), body_pieces(&text), header_pieces("cookie", &text),
                header_pieces("set-cookie", &text), header_pieces("authorization", &text)] {
                prop_assert_eq!(pieces.iter().map(Piece::text).collect::<String>(), text.clone());
            }
        }

        #[test]
        fn a_token_in_a_json_answer_never_shows(token in "[A-Za-z0-9_-]{20}", other in any::<String>()) {
            let body = serde_json::json!({ "other": other, "access_token": token }).to_string();
            let masked: String = body_pieces(&body).iter().map(Piece::masked).collect();
            prop_assert!(!masked.contains(&token) || other.contains(&token));
        }
    }
}
