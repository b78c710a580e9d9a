use super::headers;
use crate::{
    cookie::{self, BROWSER, SANDBOX, sandbox_key, values},
    sandbox::SandboxKey,
};
use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use http::header::COOKIE;
use proptest::prelude::any;
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("cookie"));

/// Whether a sandbox key is found on http, and on https.
fn class(bytes: &[u8]) -> Option<(bool, bool)> {
    let headers = headers(&COOKIE, bytes)?;
    let found = |secure| sandbox_key(&headers, secure).is_some();
    Some((found(false), found(true)))
}

#[test]
fn kept_cookies_are_read_as_stated() {
    CORPUS.check(
        &[
            ("among-others", Some((true, false))),
            ("case", Some((false, false))),
            ("comma", Some((false, false))),
            ("empty", Some((false, false))),
            ("key", Some((true, false))),
            ("key-secure", Some((false, true))),
            ("longer-name", Some((false, false))),
            ("loose-bits", Some((false, false))),
            ("many", Some((false, false))),
            ("nameless", Some((false, false))),
            ("no-space", Some((true, false))),
            ("other-alphabet", Some((false, false))),
            ("padded", Some((false, false))),
            ("quoted", Some((false, false))),
            // What somebody else keeps beside it is their business.
            ("raw", Some((true, false))),
            ("short", Some((false, false))),
            ("space-before-equals", Some((false, false))),
            ("spaces", Some((true, false))),
            ("two", Some((true, false))),
            ("unicode", Some((false, false))),
        ],
        class,
    );
}

#[test]
fn a_value_stands_behind_its_whole_name() {
    hold(CORPUS.bytes(), |bytes| {
        let Some(headers) = headers(&COOKIE, &bytes) else {
            return Ok(());
        };
        for (base, secure) in [(SANDBOX, false), (SANDBOX, true), (BROWSER, false)] {
            let name = cookie::name(base, secure);
            for value in values(&headers, base, secure) {
                let line = String::from_utf8_lossy(&bytes);
                let pair = format!("{name}={value}");
                prop_assert!(line.contains(&pair));
                prop_assert!(!value.contains(';'));
            }
        }
        if let Some(key) = sandbox_key(&headers, false) {
            let line = String::from_utf8_lossy(&bytes);
            let pair = format!("{SANDBOX}={}", key.as_str());
            prop_assert!(line.contains(&pair));
        }
        Ok(())
    });
}

#[test]
fn a_cookie_is_found_whatever_stands_beside_it() {
    let key = SandboxKey::generate();
    let own = format!("{SANDBOX}={}", key.as_str());
    hold((CORPUS.bytes(), any::<bool>()), |(neighbour, first)| {
        let neighbour = neighbour.as_slice();
        let (left, right) = if first {
            (own.as_bytes(), neighbour)
        } else {
            (neighbour, own.as_bytes())
        };
        let Some(headers) = headers(&COOKIE, &[left, right].join(&b"; "[..])) else {
            return Ok(());
        };
        prop_assert!(values(&headers, SANDBOX, false).any(|value| value == key.as_str()));
        Ok(())
    });
}

#[test]
fn a_key_has_one_spelling_and_comes_back_in_its_cookie() {
    hold(CORPUS.text(), |text| {
        for part in text.split(['=', ';', ' ']) {
            let Some(key) = SandboxKey::parse(part) else {
                continue;
            };
            prop_assert_eq!(key.as_str(), part);
            for secure in [false, true] {
                let line = cookie::set(SANDBOX, key.as_str(), secure, Some(1));
                let sent = line.split(';').next().unwrap();
                let headers = headers(&COOKIE, sent.as_bytes()).unwrap();
                let found = [secure, !secure].map(|secure| sandbox_key(&headers, secure));
                prop_assert_eq!(found, [Some(key.clone()), None]);
            }
        }
        Ok(())
    });
}
