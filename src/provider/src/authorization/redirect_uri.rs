//! The one way in which a redirect URI may differ from the registered one.

/// Whether the two differ in nothing but the port of a loopback address.
/// [RFC 8252 section 7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)
pub(super) fn same_loopback(registered: &str, requested: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]"].iter().any(|host| {
        let rest = |uri: &str| Some(without_port(uri.strip_prefix(host)?)?.to_owned());
        rest(registered).is_some_and(|own| rest(requested) == Some(own))
    })
}

/// What follows the port, if a port or the end of the host is what comes next.
fn without_port(rest: &str) -> Option<&str> {
    let rest = match rest.strip_prefix(':') {
        Some(port) => {
            let end = port
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(port.len());
            port[..end].parse::<u16>().ok()?;
            &port[end..]
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_a_loopback_address_is_free() {
        let check = |registered: &str, requested: &str, expected: bool| {
            assert_eq!(
                same_loopback(registered, requested),
                expected,
                "{registered} {requested}"
            );
        };
        check("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", true);
        check("http://127.0.0.1:80/cb", "http://127.0.0.1:1/cb", true);
        check("http://[::1]/cb", "http://[::1]:8080/cb", true);
        check("http://127.0.0.1", "http://127.0.0.1:8080", true);
        check("http://127.0.0.1/cb", "http://127.0.0.1:8080/other", false);
        check("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false);
        check("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false);
        check(
            "http://127.0.0.1/cb",
            "http://127.0.0.1:1@evil.example/cb",
            false,
        );
        check(
            "http://127.0.0.1/cb",
            "http://127.0.0.1.evil.example/cb",
            false,
        );
        check("http://127.0.0.1/cb", "https://127.0.0.1:8080/cb", false);
        check("http://localhost/cb", "http://localhost:8080/cb", false);
        check("http://127.0.0.1/cb", "http://[::1]/cb", false);
    }
}
