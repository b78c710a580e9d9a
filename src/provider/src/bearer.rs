//! Access tokens as requests carry them.

use http::{HeaderMap, header};

/// What stands in the `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authorization<'a> {
    /// Nothing.
    Absent,
    /// A bearer token.
    Bearer(&'a str),
    /// Anything else.
    Malformed,
}

/// Reads the header. The scheme's case does not matter.
/// [RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1),
/// [RFC 9110 section 11.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.1)
pub(crate) fn authorization(headers: &HeaderMap) -> Authorization<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let Some(value) = values.next() else {
        return Authorization::Absent;
    };
    if values.next().is_some() {
        return Authorization::Malformed;
    }
    value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token.trim_matches(' '))
        .filter(|token| !token.is_empty() && token.bytes().all(is_token_byte))
        .map_or(Authorization::Malformed, Authorization::Bearer)
}

/// The characters of `b64token`.
/// [RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_strictly_except_for_case() {
        let check = |lines: &[&str], expected: Authorization<'_>| {
            let headers: HeaderMap = lines
                .iter()
                .map(|line| (header::AUTHORIZATION, line.parse().unwrap()))
                .collect();
            assert_eq!(authorization(&headers), expected, "{lines:?}");
        };
        check(&[], Authorization::Absent);
        check(&["Bearer abc"], Authorization::Bearer("abc"));
        check(&["bEARER abc"], Authorization::Bearer("abc"));
        check(&["Bearer"], Authorization::Malformed);
        check(&["Bearer "], Authorization::Malformed);
        check(&["Bearer a b"], Authorization::Malformed);
        check(&["Basic abc"], Authorization::Malformed);
        check(&["Bearer abc", "Bearer def"], Authorization::Malformed);
    }
}
