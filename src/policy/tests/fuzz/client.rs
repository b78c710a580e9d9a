use crate::{check_refusal, class, hold_for_bodies, refused, shown};
use fuzz::{Corpus, corpus, prop_assert, prop_assert_eq};
use oidc::redirect_uri;
use policy::client::{ClientDraft, ClientKind};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("client"));

#[test]
fn kept_bodies_are_read_as_stated() {
    let no_word = |name| {
        refused(&format!(
            "('{name}',) value is not a valid enumeration member; permitted"
        ))
    };
    CORPUS.check(
        &[
            ("algorithm-empty", no_word("idTokenSignedResponseAlg")),
            ("algorithm-none", no_word("idTokenSignedResponseAlg")),
            (
                "algorithm-shared-secret",
                no_word("idTokenSignedResponseAlg"),
            ),
            ("array", refused("no object")),
            (
                "backslash",
                refused("('redirectURIs', 0) \"https://a.test\\\\@b.test/\" has a charact"),
            ),
            ("configuration", Ok(0)),
            ("deep", refused("no object")),
            ("duplicate-members", Ok(0)),
            ("empty", refused("no object")),
            ("empty-object", refused("('name',) field required")),
            ("escaped-fragment", Ok(1)),
            (
                "fragment",
                refused("('redirectURIs', 0) \"https://a.test/cb#x\" has a fragment"),
            ),
            (
                "name-nul",
                refused("('name',) ensure this value has no control characters"),
            ),
            ("name-surrogate", refused("no object")),
            (
                "newline",
                refused("('redirectURIs', 0) \"https://a.test/\\r\\nx: y\" has a characte"),
            ),
            (
                "no-token-policy",
                refused("('tokenPolicy',) field required"),
            ),
            ("own-secret", Ok(0)),
            (
                "policy-empty",
                refused("('tokenPolicy',) ensure this value has at least 1 characters"),
            ),
            ("policy-null", refused("('tokenPolicy',) field required")),
            (
                "policy-number",
                refused("('tokenPolicy',) str type expected"),
            ),
            ("policy-path", Ok(0)),
            (
                "public-without-login-policy",
                refused("('loginPolicy',) field required"),
            ),
            (
                "right-to-left",
                refused("('redirectURIs', 0) \"https://a.test/\\u{202e}\" has a characte"),
            ),
            (
                "script",
                refused("('redirectURIs', 1) \"java\\tscript:x\" is not an absolute URI"),
            ),
            ("smallest", Ok(0)),
            ("type-array", no_word("type")),
            ("type-case", no_word("type")),
            (
                "uri-long",
                refused("('redirectURIs', 0) the address is longer than 2048 characte"),
            ),
            ("uri-null", refused("('redirectURIs', 0) str type expected")),
            (
                "uris-many",
                refused("('redirectURIs',) ensure this value has at most 100 items"),
            ),
            (
                "uris-object",
                refused("('redirectURIs',) value is not a valid list"),
            ),
            (
                "uris-text",
                refused("('redirectURIs',) value is not a valid list"),
            ),
            (
                "user",
                refused("('redirectURIs', 0) \"https://a@b.test/\" has no plain host an"),
            ),
            ("whole", Ok(3)),
        ],
        |bytes| {
            class(bytes, |body| ClientDraft::from_json(body, &[]))
                .map(|draft| draft.redirect_uris.len())
        },
    );
}

#[test]
fn a_client_that_is_read_can_be_sent_anywhere_it_names_and_reads_back() {
    hold_for_bodies(&CORPUS, |body| {
        let draft = match ClientDraft::from_json(body, &[]) {
            Ok(draft) => draft,
            Err(error) => return check_refusal(body, &error),
        };
        for uri in draft
            .redirect_uris
            .iter()
            .chain(&draft.post_logout_redirect_uris)
        {
            prop_assert_eq!(redirect_uri::check(uri), Ok(()));
            prop_assert!(!uri.contains('#'));
        }
        let secret = "kept to ourselves".to_owned();
        let client = draft.clone().create("i".to_owned(), Some(secret.clone()));
        if client.kind() == ClientKind::PublicLogin {
            prop_assert!(client.login_policy.is_some());
        }
        let shown = shown(&client);
        prop_assert!(!shown.values().any(|value| *value == secret.as_str()));
        let again = ClientDraft::from_json(&shown, &[]);
        prop_assert_eq!(again.as_ref(), Ok(&draft));
        prop_assert_eq!(draft.replace(client.clone()), Ok(client));
        Ok(())
    });
}

#[test]
fn an_address_that_is_known_already_may_stay_whatever_it_is() {
    hold_for_bodies(&CORPUS, |body| {
        let known: Vec<String> = body
            .get("redirectURIs")
            .and_then(|uris| uris.as_array())
            .into_iter()
            .flatten()
            .filter_map(|uri| uri.as_str().map(str::to_owned))
            .collect();
        let strict = ClientDraft::from_json(body, &[]);
        if let (Ok(strict), generous) = (strict, ClientDraft::from_json(body, &known)) {
            prop_assert_eq!(generous, Ok(strict));
        }
        Ok(())
    });
}
