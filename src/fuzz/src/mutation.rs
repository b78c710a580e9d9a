//! What chance does to bytes.

use proptest::{
    prelude::*,
    sample::{Index, select},
};

/// More would only be slow.
const LONGEST: usize = 64 * 1024;

/// What means something to one parser or another.
const FRAGMENTS: [&[u8]; 40] = [
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\r\n\r\n",
    b"\t",
    b" ",
    "\u{a0}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{200b}".as_bytes(),
    "\u{1f600}".as_bytes(),
    b"%",
    b"%2",
    b"%00",
    b"%0a",
    b"%C0%80",
    b"+",
    b"&",
    b"=",
    b"#",
    b"?",
    b"/",
    b"//",
    b":",
    b"@",
    b"\\",
    b"\\ud800",
    b"\\u0000",
    b"\"",
    b"{",
    b"[",
    b",",
    b";",
    b"--",
    b"-0",
    b"1e400",
    b"*",
];

/// One change. Places are chosen when it is known how long the bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    /// Turns a bit over.
    Flip(Index, u8),
    /// Forgets everything from here on.
    Cut(Index),
    /// Forgets so many bytes.
    Remove(Index, usize),
    /// Says so many bytes again, so many times.
    Repeat(Index, usize, usize),
    /// Puts something in.
    Insert(Index, &'static [u8]),
    /// Goes on with another file.
    Splice(Index, Index, Index),
}

impl Mutation {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let place = any::<Index>;
        let once_or_often = || prop_oneof![4 => Just(1_usize), 1 => 2..200_usize];
        prop_oneof![
            4 => (place(), 0..8_u8).prop_map(|(at, bit)| Self::Flip(at, bit)),
            1 => place().prop_map(Self::Cut),
            3 => (place(), 1..20_usize).prop_map(|(at, many)| Self::Remove(at, many)),
            2 => (place(), 1..40_usize, once_or_often())
                .prop_map(|(at, many, times)| Self::Repeat(at, many, times)),
            6 => (place(), select(&FRAGMENTS[..])).prop_map(|(at, what)| Self::Insert(at, what)),
            1 => (place(), place(), place())
                .prop_map(|(at, file, from)| Self::Splice(at, file, from)),
        ]
    }

    fn change(&self, bytes: &mut Vec<u8>, others: &[Vec<u8>]) {
        // One more place than there are bytes: the end.
        let place = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
        let within = |from: usize, many: usize, bytes: &[u8]| from..(from + many).min(bytes.len());
        match self {
            Self::Flip(at, bit) => {
                let at = place(at, bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            Self::Cut(at) => bytes.truncate(place(at, bytes)),
            Self::Remove(at, many) => {
                let range = within(place(at, bytes), *many, bytes);
                bytes.drain(range);
            }
            Self::Repeat(at, many, times) => {
                let range = within(place(at, bytes), *many, bytes);
                let again = bytes[range.clone()].repeat(*times);
                bytes.splice(range.end..range.end, again);
            }
            Self::Insert(at, what) => {
                let at = place(at, bytes);
                bytes.splice(at..at, what.iter().copied());
            }
            Self::Splice(at, file, from) => {
                bytes.truncate(place(at, bytes));
                let other = file.get(others);
                bytes.extend_from_slice(&other[place(from, other)..]);
            }
        }
        bytes.truncate(LONGEST);
    }
}

/// The bytes after every change.
pub(crate) fn apply(mut bytes: Vec<u8>, mutations: &[Mutation], others: &[Vec<u8>]) -> Vec<u8> {
    for mutation in mutations {
        mutation.change(&mut bytes, others);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hold, prop_assert};

    #[test]
    fn nothing_is_changed_by_no_change_and_no_change_is_out_of_bounds() {
        let others = vec![b"one".to_vec(), Vec::new(), b"three".to_vec()];
        assert_eq!(apply(b"one".to_vec(), &[], &others), b"one");
        let bytes = prop::collection::vec(any::<u8>(), 0..50);
        let mutations = prop::collection::vec(Mutation::any(), 1..20);
        hold((bytes, mutations), |(bytes, mutations)| {
            prop_assert!(apply(bytes, &mutations, &others).len() <= LONGEST);
            Ok(())
        });
    }
}
