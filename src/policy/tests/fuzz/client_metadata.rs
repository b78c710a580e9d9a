use crate::{check_refusal, class, hold_for_bodies, refused, shown};
use fuzz::{Corpus, corpus, prop_assert, prop_assert_eq};
use oidc::redirect_uri;
use policy::client_metadata::ClientMetadata;
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("client_metadata"));

#[test]
fn kept_registrations_are_read_as_stated() {
    CORPUS.check(
        &[
            (
                "algorithm-none",
                refused("id_token_signed_response_alg: value is not a valid enumerati"),
            ),
            ("array", refused("no object")),
            ("deep", refused("no object")),
            ("duplicate-members", Ok(vec!["authorization_code"])),
            ("empty", refused("no object")),
            ("empty-object", refused("redirect_uris: field required")),
            ("fragment", refused("redirect_uris[0]: has a fragment")),
            (
                "grant-password",
                refused("grant_types[0]: value is not a valid enumeration member; per"),
            ),
            (
                "grants-too-few",
                refused("grant_types: the response types demand implicit, too"),
            ),
            (
                "host-percent",
                refused("redirect_uris[0]: has no plain host and port"),
            ),
            ("localised-name", Ok(vec!["authorization_code"])),
            (
                "login-uri-http",
                refused("initiate_login_uri: it must begin with https"),
            ),
            (
                "login-uri-short",
                refused("initiate_login_uri: it must begin with https"),
            ),
            (
                "logo-script",
                refused("logo_uri: it is not the address of a web page"),
            ),
            (
                "logo-spaces",
                refused("logo_uri: it is not the address of a web page"),
            ),
            (
                "method-private-key",
                refused("token_endpoint_auth_method: value is not a valid enumeration"),
            ),
            (
                "name-nul",
                refused("client_name: ensure this value has no control characters"),
            ),
            ("name-right-to-left", Ok(vec!["authorization_code"])),
            ("name-unicode-spaces", Ok(vec!["authorization_code"])),
            (
                "no-uris",
                refused("redirect_uris: ensure this value has at least 1 items"),
            ),
            (
                "not-implemented",
                refused("request_uris: this is not implemented"),
            ),
            ("not-wanted", Ok(vec!["authorization_code"])),
            (
                "pairwise",
                refused("subject_type: value is not a valid enumeration member; permi"),
            ),
            (
                "plain-http",
                refused("redirect_uris[0]: is plain http and not one of localhost, 12"),
            ),
            (
                "response-type-order",
                Ok(vec!["implicit", "authorization_code"]),
            ),
            (
                "response-type-token",
                refused("response_types[0]: value is not a valid enumeration member; "),
            ),
            (
                "scope-newline",
                refused("scope: ensure this value has no control characters"),
            ),
            (
                "scope-quote",
                refused("scope: '\"' at position 1 may not stand in a scope token"),
            ),
            ("scope-spaces", Ok(vec!["authorization_code"])),
            (
                "script",
                refused("redirect_uris[0]: has a scheme that browsers do not hand on"),
            ),
            ("smallest", Ok(vec!["authorization_code"])),
            ("surrogate", refused("no object")),
            ("uris-null", refused("redirect_uris: field required")),
            (
                "whole",
                Ok(vec!["authorization_code", "implicit", "refresh_token"]),
            ),
        ],
        |bytes| class(bytes, ClientMetadata::from_json).map(|metadata| metadata.grant_types),
    );
}

#[test]
fn what_was_registered_is_sound_and_can_be_registered_again() {
    hold_for_bodies(&CORPUS, |body| {
        let metadata = match ClientMetadata::from_json(body) {
            Ok(metadata) => metadata,
            Err(error) => return check_refusal(body, &error),
        };
        prop_assert!(!metadata.redirect_uris.is_empty());
        for uri in metadata
            .redirect_uris
            .iter()
            .chain(&metadata.post_logout_redirect_uris)
        {
            prop_assert_eq!(redirect_uri::check(uri), Ok(()));
        }
        for page in [
            &metadata.client_uri,
            &metadata.logo_uri,
            &metadata.policy_uri,
        ] {
            let web = |page: &String| page.to_ascii_lowercase().starts_with("http");
            prop_assert!(page.as_ref().is_none_or(web));
        }
        prop_assert_eq!(ClientMetadata::from_json(&shown(&metadata)), Ok(metadata));
        Ok(())
    });
}
