//! Who asks: from the connection, or from what a proxy says that is trusted.

use http::HeaderMap;
use ipnet::IpNet;
use provider::ClientAddress;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// What proxies write down.
/// [X-Forwarded-For](https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For)
const FORWARDED_FOR: &str = "x-forwarded-for";

/// A request that comes from this very machine, as a request extension: the
/// playground's own relying party, or somebody who works on it. What a proxy on
/// this machine passes on is not meant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FromHere;

/// The networks whose word is taken for where a request comes from.
///
/// Nothing else that a proxy says is ever looked at: scheme and host come from
/// the public URL alone.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl TrustedProxies {
    /// Trusts these networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    /// Whether proxies may have this address.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0
            .iter()
            .any(|network| network.contains(&address.to_canonical()))
    }

    /// Where a request of this peer comes from: from the peer, unless the peer
    /// is trusted. Then it is the last address in `X-Forwarded-For` that is not
    /// trusted as well: what stands left of it, anybody may have written.
    ///
    /// When something on the way there is no address, it is the peer after all.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.to_canonical();
        let mut client = peer;
        let lines = headers.get_all(FORWARDED_FOR).iter().rev();
        for part in lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')) {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = read(part) else {
                return ClientAddress(peer);
            };
            client = address;
        }
        ClientAddress(client)
    }
}

/// Reads one address. Some proxies write the port to it.
fn read(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let address = text
        .parse()
        .or_else(|_| text.parse().map(|address: SocketAddr| address.ip()));
    address.ok().map(|address| address.to_canonical())
}

/// Whether a request was passed on by a proxy.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED_FOR)
}

/// Reads a network, `10.0.0.0/8`, or a single address.
///
/// # Errors
/// When it is neither: the end of a sentence for the command line.
pub(crate) fn parse_network(text: &str) -> Result<IpNet, String> {
    let single = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| single())
        .map_err(|_| "expected an IP address or a network, like 10.0.0.0/8 or fd00::/8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, lines: &[&[u8]]) -> String {
        let networks: Vec<IpNet> = trusted
            .iter()
            .map(|text| parse_network(text).unwrap())
            .collect();
        let headers = lines
            .iter()
            .map(|line| {
                let name = http::HeaderName::from_static(FORWARDED_FOR);
                (name, http::HeaderValue::from_bytes(line).unwrap())
            })
            .collect();
        let address = TrustedProxies::new(&networks).client(peer.parse().unwrap(), &headers);
        address.0.to_string()
    }

    #[test]
    fn nobody_is_believed_who_was_not_named() {
        for trusted in [&[][..], &["10.0.0.0/8"]] {
            let found = client(trusted, "192.0.2.1", &[b"198.51.100.1"]);
            assert_eq!(found, "192.0.2.1");
        }
    }

    #[test]
    fn the_last_address_that_is_not_trusted_counts() {
        let trusted = &["10.0.0.0/8", "192.0.2.1", "fd00::/8"];
        for (lines, expected) in [
            (&[&b"198.51.100.1"[..]][..], "198.51.100.1"),
            (&[b"1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            (&[b"1.1.1.1,198.51.100.1 , 10.2.3.4"], "198.51.100.1"),
            (&[b"1.1.1.1", b"198.51.100.1", b"fd00::1"], "198.51.100.1"),
            (&[b"::ffff:198.51.100.1"], "198.51.100.1"),
            (&[b"2001:db8::1"], "2001:db8::1"),
            (&[b"198.51.100.1:4711"], "198.51.100.1"),
            (&[b"[2001:db8::1]:4711"], "2001:db8::1"),
            // What stands left of it is not even read.
            (&[b"nonsense, 198.51.100.1"], "198.51.100.1"),
            // Nobody but proxies: the first of them began it.
            (&[b"10.0.0.9, 10.0.0.8"], "10.0.0.9"),
            (&[], "192.0.2.1"),
        ] {
            assert_eq!(client(trusted, "192.0.2.1", lines), expected);
            assert_eq!(client(trusted, "::ffff:192.0.2.1", lines), expected);
        }
    }

    #[test]
    fn what_is_no_address_leaves_the_peer() {
        for line in [
            &b""[..],
            b",",
            b"unknown",
            b"198.51.100.1,",
            b"198.51.100.256",
            b"198.51.100.1 198.51.100.2",
            b"198.51.100.0/24",
            b"\xff\xfe",
            b"nonsense, 10.0.0.1",
        ] {
            assert_eq!(client(&["10.0.0.0/8"], "10.9.9.9", &[line]), "10.9.9.9");
        }
    }

    #[test]
    fn a_network_or_a_single_address_may_be_trusted() {
        for text in ["10.0.0.0/8", "10.1.2.3", "::1", "fd00::/8"] {
            assert!(parse_network(text).is_ok(), "{text}");
        }
        for text in ["", "10.0.0.0/33", "proxy.example", "10.0.0", "10.0.0.1:80"] {
            assert!(parse_network(text).is_err(), "{text}");
        }
    }
}
