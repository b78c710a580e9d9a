//! Which addresses a browser may be sent back to.
//!
//! `https`, a scheme of an app's own, or plain `http` to the own computer. Who
//! registers one gets exactly that one: addresses are compared as texts.

use std::fmt;

/// How long an address may be, in characters.
pub const LONGEST: usize = 2000;

/// Schemes that lead to no app: they run code, show a file, or write a letter.
const FORBIDDEN_SCHEMES: [&str; 18] = [
    "about",
    "blob",
    "chrome",
    "cid",
    "data",
    "file",
    "filesystem",
    "ftp",
    "javascript",
    "mailto",
    "ms-appx",
    "resource",
    "sms",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Why an address cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// It is longer than [`LONGEST`].
    #[error("it has more than {LONGEST} characters")]
    TooLong,
    /// It has no scheme, no host where one belongs, or characters that may not
    /// stand in a URI.
    #[error("it is not an absolute URI")]
    NotAUri,
    /// [RFC 6749 section 3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2)
    #[error("it has a fragment")]
    Fragment,
    /// It names somebody before the host.
    #[error("it has a user name before the host")]
    UserInfo,
    /// Plain `http` to another computer.
    #[error("plain http is only for localhost, 127.0.0.1 and [::1]")]
    PlainHttp,
    /// Its scheme leads to no app.
    #[error("its scheme leads to no app")]
    Scheme,
}

/// Checks an address that is to be registered, whether for coming back from a
/// sign-in or from a sign-out.
///
/// # Errors
/// Says what is wrong with it.
// Inferred: https, deep links, and http for localhost are documented (domain
// notes, section 2.2); which schemes are no deep links is our reading.
pub fn check(uri: &str) -> Result<(), RedirectUriError> {
    if uri.chars().count() > LONGEST {
        return Err(RedirectUriError::TooLong);
    }
    if uri.contains('#') {
        return Err(RedirectUriError::Fragment);
    }
    let (scheme, rest) = uri.split_once(':').ok_or(RedirectUriError::NotAUri)?;
    if !is_scheme(scheme) || rest.is_empty() || !is_uri_text(rest) {
        return Err(RedirectUriError::NotAUri);
    }
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "https" => host(rest).map(drop),
        "http" => match host(rest)? {
            Host::Loopback => Ok(()),
            Host::Other => Err(RedirectUriError::PlainHttp),
        },
        other if FORBIDDEN_SCHEMES.contains(&other) => Err(RedirectUriError::Scheme),
        _ => Ok(()),
    }
}

/// [RFC 3986 section 3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1)
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Reserved and unreserved characters, and whole percent-encodings.
/// [RFC 3986 section 2](https://www.rfc-editor.org/rfc/rfc3986#section-2)
fn is_uri_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => {
            let digits = bytes.get(at + 1..at + 3).unwrap_or_default();
            digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
        }
        other => other.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=".contains(other),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    Loopback,
    Other,
}

/// Reads `//host[:port]` and what follows it.
fn host(rest: &str) -> Result<Host, RedirectUriError> {
    let rest = rest.strip_prefix("//").ok_or(RedirectUriError::NotAUri)?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(RedirectUriError::UserInfo);
    }
    let end = if authority.starts_with('[') {
        authority.find(']').map(|bracket| bracket + 1)
    } else {
        authority.find(':').or(Some(authority.len()))
    };
    let (host, port) = authority.split_at(end.ok_or(RedirectUriError::NotAUri)?);
    if !is_host(host) || !is_port(port) {
        return Err(RedirectUriError::NotAUri);
    }
    let loopback = host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]";
    Ok(if loopback {
        Host::Loopback
    } else {
        Host::Other
    })
}

fn is_host(text: &str) -> bool {
    if let Some(address) = text.strip_prefix('[') {
        let address = address.strip_suffix(']').unwrap_or_default();
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    text.split('.').all(is_label)
}

/// Nothing, or a colon and a port.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|digits| {
            digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
        })
}

/// An address together with what is wrong with it, as the configuration API
/// says it.
pub(crate) struct Refused<'a>(pub(crate) &'a str, pub(crate) RedirectUriError);

impl fmt::Display for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(uri, error) = self;
        if *error == RedirectUriError::TooLong {
            return write!(f, "{error}");
        }
        write!(f, "{uri:?}: {error}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn https_deep_links_and_the_own_computer_are_fine() {
        for uri in [
            "https://play.example/callback",
            "https://play.example",
            "https://play.example:8443/a/b?x=1&y=%20",
            "https://[2001:db8::1]:443/cb",
            "HTTPS://Play.Example/cb",
            "http://localhost:3001/redirect_uri",
            "http://LOCALHOST/cb",
            "http://127.0.0.1",
            "http://127.0.0.1:8080/cb",
            "http://[::1]/cb?x",
            "aic-demo://auth-callback",
            "com.example.app:/callback",
            "myapp:callback",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused() {
        use RedirectUriError::{Fragment, NotAUri, PlainHttp, Scheme, TooLong, UserInfo};
        let long = format!("https://a.test/{}", "x".repeat(2000));
        for (uri, error) in [
            ("", NotAUri),
            ("/callback", NotAUri),
            ("play.example/callback", NotAUri),
            ("//play.example/callback", NotAUri),
            (":x", NotAUri),
            ("1a:x", NotAUri),
            ("https:", NotAUri),
            ("https:/play.example", NotAUri),
            ("https://", NotAUri),
            ("https:///callback", NotAUri),
            ("https://?x", NotAUri),
            ("https://a..b/", NotAUri),
            ("https://*.example/", NotAUri),
            ("https://a.test:/", NotAUri),
            ("https://a.test:70000/", NotAUri),
            ("https://a.test:+1/", NotAUri),
            ("https://[::1/", NotAUri),
            ("https://[::g]/", NotAUri),
            ("https://[::1]x/", NotAUri),
            ("https://a.test/%2", NotAUri),
            ("https://a.test/%zz", NotAUri),
            ("https://a.test/ b", NotAUri),
            ("https://a.test/\\b", NotAUri),
            ("https://a.test/é", NotAUri),
            ("https://a.test/\"", NotAUri),
            ("https://a.test/\r\nx", NotAUri),
            ("https://a.test/cb#top", Fragment),
            ("https://a.test/cb#", Fragment),
            ("https://me@a.test/cb", UserInfo),
            ("http://localhost@evil.test/cb", UserInfo),
            ("http://a.test/cb", PlainHttp),
            ("http://localhost.evil.test/cb", PlainHttp),
            ("http://127.0.0.2/cb", PlainHttp),
            ("http://[::2]/cb", PlainHttp),
            ("javascript:alert(1)", Scheme),
            ("JavaScript:alert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("file:///etc/passwd", Scheme),
            (&long, TooLong),
        ] {
            assert_eq!(check(uri), Err(error), "{uri}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_can_stand_in_a_header(uri in r"(https?|app|data)?:?(//)?(localhost|a\.test|\[::1\])?\PC{0,20}") {
            if check(&uri).is_ok() {
                prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert!(!uri.contains('#'));
            }
        }
    }
}
