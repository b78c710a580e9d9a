//! Where a request comes from.

use http::Extensions;
use std::net::{IpAddr, Ipv6Addr};

/// The bits of an IPv6 address that tell one subscriber from another: everybody
/// gets at least a /64 and may use any address in it.
/// [RFC 6177 section 2](https://www.rfc-editor.org/rfc/rfc6177#section-2)
const SUBSCRIBER: u128 = !0 << 64;

/// The address a request comes from, as a request extension.
///
/// Whoever mounts [`crate::Provider::router`] puts it in: only they know whether
/// the peer is a proxy that may speak for somebody else. Without it the request
/// comes from nowhere known, and nothing is counted per address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address in the extensions of a request.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get().copied()
    }

    /// What is counted as one: an IPv4 address, or a /64 of IPv6. An IPv4
    /// address that is written as IPv6 counts as itself.
    #[must_use]
    pub fn subscriber(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & SUBSCRIBER).into(),
            address @ IpAddr::V4(_) => address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_is_an_ipv4_address_or_a_64_of_ipv6() {
        for (address, subscriber) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            let address = ClientAddress(address.parse().unwrap());
            assert_eq!(address.subscriber(), subscriber.parse::<IpAddr>().unwrap());
        }
    }

    #[test]
    fn a_request_without_an_address_comes_from_nowhere_known() {
        let mut extensions = Extensions::new();
        assert_eq!(ClientAddress::of(&extensions), None);
        let address = ClientAddress(Ipv6Addr::LOCALHOST.into());
        extensions.insert(address);
        assert_eq!(ClientAddress::of(&extensions), Some(address));
    }
}
