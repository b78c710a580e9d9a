//! UUIDs in the form of random ones.
//! [RFC 9562 section 5.4](https://www.rfc-editor.org/rfc/rfc9562#section-5.4)

use crate::{hex, random};

/// A UUID nobody has.
pub(crate) fn random() -> String {
    of(random::bytes())
}

/// Whether this is a UUID as it is written here: in small letters.
pub(crate) fn is(text: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => hex(byte),
        })
}

/// The UUID made of the first 16 of these bytes.
pub(crate) fn of(hash: [u8; 32]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(&bytes);
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_written_in_five_groups_with_its_version_and_variant() {
        assert_eq!(of([0xff; 32]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(of([0; 32]), "00000000-0000-4000-8000-000000000000");
        assert_ne!(random(), random());
        assert!(is(&random()));
        for text in [
            "",
            "x",
            "FFFFFFFF-ffff-4fff-bfff-ffffffffffff",
            &"0".repeat(36),
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
