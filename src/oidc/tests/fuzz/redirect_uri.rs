use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::redirect_uri::{
    LONGEST,
    RedirectUriError::{self, Character, Fragment, Host, NotAbsolute, PlainHttp, Scheme, TooLong},
    check, check_web,
};
use std::sync::LazyLock;
use url::Url;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("redirect_uri"));

fn class(bytes: &[u8]) -> Result<(), RedirectUriError> {
    check(&String::from_utf8_lossy(bytes))
}

#[test]
fn kept_addresses_are_taken_or_refused_as_stated() {
    CORPUS.check(
        &[
            ("application", Ok(())),
            ("backslash", Err(Character)),
            ("bracket-junk", Err(Host)),
            ("bracket-open", Err(Host)),
            ("data", Err(Character)),
            ("dots", Ok(())),
            ("empty", Err(NotAbsolute)),
            ("escaped-fragment", Ok(())),
            ("escaped-user", Err(Host)),
            ("fragment", Err(Fragment)),
            ("host-empty", Err(Host)),
            ("host-percent", Err(Host)),
            ("host-star", Err(Host)),
            ("https", Ok(())),
            ("leading-space", Err(NotAbsolute)),
            ("long", Err(TooLong)),
            ("loopback", Ok(())),
            ("loopback-lookalike", Err(PlainHttp)),
            ("loopback-number", Err(PlainHttp)),
            ("loopback-v6", Ok(())),
            ("newline", Err(Character)),
            ("no-scheme", Err(NotAbsolute)),
            ("nul", Err(Character)),
            ("one-slash", Err(Host)),
            ("plain-http", Err(PlainHttp)),
            ("port-and-query", Ok(())),
            ("port-empty", Err(Host)),
            ("port-too-large", Err(Host)),
            ("relative", Err(NotAbsolute)),
            ("right-to-left", Err(Character)),
            ("script", Err(Scheme)),
            ("tab", Err(NotAbsolute)),
            ("three-slashes", Err(Host)),
            ("unicode", Err(Character)),
            ("unicode-dot", Err(Character)),
            ("user", Err(Host)),
        ],
        class,
    );
}

#[test]
fn an_address_that_is_taken_leads_a_browser_where_it_seems_to() {
    hold(CORPUS.text(), |uri| {
        // A page may be on any host, and have a fragment.
        let _ = check_web(&uri);
        if check(&uri).is_err() {
            return Ok(());
        }
        prop_assert!(uri.len() <= LONGEST);
        prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert!(!uri.contains('#'));
        // How browsers read it. Some that are addresses by the letter lead
        // nowhere, such as those to 1.2.3.999.
        let Ok(url) = Url::parse(&uri) else {
            return Ok(());
        };
        let scheme = uri.split(':').next().unwrap();
        prop_assert!(scheme.eq_ignore_ascii_case(url.scheme()));
        prop_assert_eq!(url.fragment(), None);
        if matches!(url.scheme(), "http" | "https") {
            prop_assert_eq!((url.username(), url.password()), ("", None));
            let seems = uri.split(['/', '?']).nth(2).unwrap().to_ascii_lowercase();
            let host = url.host_str().unwrap();
            prop_assert!(
                seems.starts_with(host)
                    || host.parse::<std::net::Ipv4Addr>().is_ok()
                    || host.starts_with('['),
                "{seems} {host}"
            );
            if url.scheme() == "http" {
                prop_assert!(
                    ["localhost", "127.0.0.1", "[::1]"].contains(&host),
                    "{host}"
                );
            }
        }
        Ok(())
    });
}
