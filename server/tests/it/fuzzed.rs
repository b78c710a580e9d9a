//! Whatever proxies and those behind them write down, nobody passes for
//! somebody they are not.

use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use server::client::TrustedProxies;
use std::{net::IpAddr, sync::LazyLock};

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("forwarded_for"));

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PEER: &str = "10.9.9.9";

fn proxies() -> TrustedProxies {
    let network: IpNet = "10.0.0.0/8".parse().unwrap();
    TrustedProxies::new(&[network])
}

/// Where a request comes from that a proxy passed on with these lines; `None`
/// when no header can hold them.
fn client(lines: &[&[u8]]) -> Option<IpAddr> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line).ok()?);
    }
    Some(proxies().client(PEER.parse().unwrap(), &headers).0)
}

#[test]
fn kept_lines_are_read_as_stated() {
    let is = |address: &str| Some(address.parse().unwrap());
    CORPUS.check(
        &[
            ("all-proxies", is("10.0.0.9")),
            ("chain", is("198.51.100.1")),
            ("commas", is(PEER)),
            ("empty", is(PEER)),
            ("forwarded", is(PEER)),
            ("hexadecimal", is(PEER)),
            ("leading-zeros", is(PEER)),
            ("long", is("198.51.100.1")),
            ("loopback", is("127.0.0.1")),
            ("mapped", is("198.51.100.1")),
            ("mapped-proxy", is("198.51.100.1")),
            ("name", is(PEER)),
            ("nonsense-behind-a-proxy", is(PEER)),
            ("nonsense-left", is("198.51.100.1")),
            ("nonsense-right", is(PEER)),
            ("number", is(PEER)),
            ("obfuscated", is(PEER)),
            ("one", is("198.51.100.1")),
            ("other-digits", is(PEER)),
            ("port", is("198.51.100.1")),
            ("quoted", is(PEER)),
            ("range", is(PEER)),
            ("raw", is(PEER)),
            ("right-to-left", is(PEER)),
            ("semicolon", is(PEER)),
            ("spaces", is("198.51.100.1")),
            ("tab", is("198.51.100.1")),
            ("too-large", is(PEER)),
            ("unicode-space", is("198.51.100.1")),
            ("unknown", is(PEER)),
            ("v6", is("2001:db8::1")),
            ("v6-brackets", is(PEER)),
            ("v6-port", is("2001:db8::1")),
            ("zone", is(PEER)),
        ],
        |line| client(&[line]),
    );
}

#[test]
fn what_a_stranger_writes_left_of_their_address_changes_nothing() {
    hold((CORPUS.bytes(), CORPUS.bytes()), |(line, left)| {
        let Some(found) = client(&[&line]) else {
            return Ok(());
        };
        let peer: IpAddr = PEER.parse().unwrap();
        prop_assert_eq!(found, found.to_canonical());
        if !proxies().trusts(found) {
            // Written by a proxy of ours, who saw it.
            for more in [
                [&left[..], b",", &line].concat(),
                [b",", &line[..]].concat(),
            ] {
                prop_assert!(client(&[&more]).is_none_or(|again| again == found));
            }
            prop_assert!(client(&[&left, &line]).is_none_or(|again| again == found));
        }
        // A peer that nobody trusts speaks for nobody.
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED_FOR, HeaderValue::from_bytes(&line).unwrap());
        let stranger: IpAddr = "192.0.2.1".parse().unwrap();
        prop_assert_eq!(proxies().client(stranger, &headers).0, stranger);
        prop_assert_eq!(TrustedProxies::default().client(peer, &headers).0, peer);
        Ok(())
    });
}
