//! Which addresses a client may register to be sent back to.

use std::net::Ipv6Addr;

/// The longest address that may be registered, in bytes.
pub const LONGEST: usize = 2048;

/// Schemes that a browser would not hand to an application, but run or read
/// itself.
pub const OF_BROWSERS: [&str; 7] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "javascript",
    "vbscript",
];

/// Why an address cannot be registered, as the end of a sentence that begins
/// with the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// It is empty, relative, or no address at all.
    #[error("is not an absolute URI")]
    NotAbsolute,
    /// It is longer than [`LONGEST`].
    #[error("is longer than {LONGEST} characters")]
    TooLong,
    /// [RFC 3986 section 2](https://www.rfc-editor.org/rfc/rfc3986#section-2)
    #[error("has a character that does not belong into a URI")]
    Character,
    /// [RFC 6749 section 3.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2)
    #[error("has a fragment")]
    Fragment,
    /// Between `//` and the path stands no host, or more than host and port.
    #[error("has no plain host and port")]
    Host,
    /// It would be answered unprotected over a network.
    #[error("is plain http and not one of localhost, 127.0.0.1 and [::1]")]
    PlainHttp,
    /// No application is behind it.
    #[error("has a scheme that browsers do not hand on")]
    Scheme,
}

/// Whether a client may be sent back to this address: https, http on this
/// machine, or a scheme of an application's own.
/// [RFC 8252 section 7](https://www.rfc-editor.org/rfc/rfc8252#section-7)
///
/// # Errors
/// Says what is wrong with it.
pub fn check(uri: &str) -> Result<(), RedirectUriError> {
    let (scheme, rest) = split(uri)?;
    if uri.contains('#') {
        return Err(RedirectUriError::Fragment);
    }
    match scheme.as_str() {
        "https" => host(rest).map(drop),
        "http" if is_loopback(host(rest)?) => Ok(()),
        "http" => Err(RedirectUriError::PlainHttp),
        other if OF_BROWSERS.contains(&other) => Err(RedirectUriError::Scheme),
        _ => Ok(()),
    }
}

/// Whether this is the address of a web page, https or http, wherever it is:
/// what a client may name as its home, logo or terms.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_web(uri: &str) -> Result<(), RedirectUriError> {
    let (scheme, rest) = split(uri)?;
    match scheme.as_str() {
        "http" | "https" => host(rest).map(drop),
        _ => Err(RedirectUriError::Scheme),
    }
}

/// The scheme in small letters, and what follows its colon.
fn split(uri: &str) -> Result<(String, &str), RedirectUriError> {
    if uri.len() > LONGEST {
        return Err(RedirectUriError::TooLong);
    }
    let (scheme, rest) = uri.split_once(':').ok_or(RedirectUriError::NotAbsolute)?;
    let in_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        || !scheme.chars().all(in_scheme)
        || rest.is_empty()
    {
        return Err(RedirectUriError::NotAbsolute);
    }
    if !is_uri_text(rest) {
        return Err(RedirectUriError::Character);
    }
    Ok((scheme.to_ascii_lowercase(), rest))
}

/// Reserved and unreserved characters, and whole percent-encodings.
/// [RFC 3986 section 2](https://www.rfc-editor.org/rfc/rfc3986#section-2)
fn is_uri_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
        other => other.is_ascii_graphic(),
    })
}

/// The host of what follows `https:`.
fn host(rest: &str) -> Result<&str, RedirectUriError> {
    let authority = rest
        .strip_prefix("//")
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .ok_or(RedirectUriError::Host)?;
    let end = match authority.rfind(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let sound_port = match port.strip_prefix(':') {
        Some(port) => port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    if !is_host(host) || !sound_port {
        return Err(RedirectUriError::Host);
    }
    Ok(host)
}

/// An IPv6 address in brackets, or labels with points between them.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.strip_suffix(']').map(str::parse::<Ipv6Addr>);
        return address.is_some_and(|address| address.is_ok());
    }
    let in_label = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    host.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(in_label))
}

fn is_loopback(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_loopback_and_an_applications_own_scheme_may_be_registered() {
        for uri in [
            "https://app.example/callback",
            "https://app.example",
            "https://app.example:8443/callback?tenant=1&x=%20",
            "HTTPS://app.example/",
            "http://localhost:3001/redirect_uri",
            "http://LOCALHOST/",
            "http://127.0.0.1",
            "http://127.0.0.1:80/cb",
            "http://[::1]/cb",
            "http://[::1]:65535?x",
            "https://[2001:db8::1]:8443/cb",
            "https://my_app.intra-net.example/cb",
            "aic-demo://auth-callback",
            "com.example.app:/oauth2redirect",
            "urn:ietf:wg:oauth:2.0:oob",
        ] {
            assert_eq!(check(uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn what_may_not_be_registered_is_told_why() {
        use RedirectUriError::{
            Character, Fragment, Host, NotAbsolute, PlainHttp, Scheme, TooLong,
        };
        let long = format!("https://app.example/{}", "a".repeat(LONGEST));
        for (uri, expected) in [
            ("", NotAbsolute),
            ("/callback", NotAbsolute),
            ("app.example/callback", NotAbsolute),
            ("https:", NotAbsolute),
            ("1app:/callback", NotAbsolute),
            ("my app:/callback", NotAbsolute),
            ("https://app.example/cb#part", Fragment),
            ("https://app.example/cb#", Fragment),
            ("app:/cb#part", Fragment),
            ("https:/app.example", Host),
            ("https:app.example", Host),
            ("https:///callback", Host),
            ("https://:443/callback", Host),
            ("https://app.example:/callback", Host),
            ("https://app.example:65536/callback", Host),
            ("https://app.example:+1/callback", Host),
            ("https://user@app.example/callback", Host),
            ("https://user:word@app.example/callback", Host),
            ("https://[::1]x/callback", Host),
            ("https://[::g]/callback", Host),
            ("https://[]/callback", Host),
            ("https://[::1/callback", Host),
            ("https://a[b]/callback", Host),
            ("https://a..example/callback", Host),
            ("https://*.example/callback", Host),
            ("https://a%2eexample/callback", Host),
            ("http://app.example/callback", PlainHttp),
            ("http://127.0.0.1.evil.example/", PlainHttp),
            ("http://127.0.0.2/", PlainHttp),
            ("http://localhost.evil.example/", PlainHttp),
            ("https://app.example/a b", Character),
            ("https://app.example/a\r\nb", Character),
            ("https://app.example/é", Character),
            ("https://good.example\\@evil.example/", Character),
            ("https://app.example/<script>", Character),
            ("https://app.example/%2", Character),
            ("https://app.example/%+1", Character),
            ("javascript:alert(1)", Scheme),
            ("JavaScript:alert(1)", Scheme),
            ("data:text/html,x", Scheme),
            ("file:///etc/passwd", Scheme),
            (&long, TooLong),
        ] {
            assert_eq!(check(uri), Err(expected), "{uri:?}");
        }
    }

    #[test]
    fn a_page_is_on_the_web() {
        for uri in ["https://a.example/logo.png#part", "http://a.example"] {
            assert_eq!(check_web(uri), Ok(()), "{uri}");
        }
        for uri in ["javascript:alert(1)", "app:/logo", "mailto:a@example.com"] {
            assert_eq!(check_web(uri), Err(RedirectUriError::Scheme), "{uri}");
        }
        assert_eq!(check_web("https://"), Err(RedirectUriError::Host));
    }
}
