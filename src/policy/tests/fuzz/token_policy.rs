use crate::{check_refusal, class, hold_for_bodies, refused, shown};
use fuzz::{Corpus, corpus, prop_assert, prop_assert_eq};
use policy::token_policy::{ACCESS_TOKEN_LIFETIME, REFRESH_TOKEN_LIFETIME, TokenPolicyDraft};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("token_policy"));

#[test]
fn kept_bodies_are_read_as_stated() {
    CORPUS.check(
        &[
            ("array", refused("no object")),
            ("case", refused("('title',) field required")),
            ("deep", refused("no object")),
            ("duplicate-members", Ok((3600, 0))),
            ("empty", refused("no object")),
            ("empty-object", refused("('title',) field required")),
            ("lifetime-exponent", Ok((60, 5))),
            ("lifetime-float", Ok((60, 5))),
            (
                "lifetime-hexadecimal",
                refused("('accessTokenLifetime',) value is not a valid integer"),
            ),
            ("lifetime-huge", refused("no object")),
            (
                "lifetime-minus-zero",
                refused("('accessTokenLifetime',) ensure this value is greater than o"),
            ),
            (
                "lifetime-other-digits",
                refused("('accessTokenLifetime',) value is not a valid integer"),
            ),
            ("lifetime-signed", Ok((60, 5))),
            (
                "lifetime-too-large",
                refused("('refreshTokenLifetime',) value is not a valid integer"),
            ),
            ("nulls", Ok((3600, 5))),
            ("open", refused("no object")),
            ("quoted-numbers", Ok((60, 5))),
            (
                "scope-with-nul",
                refused("('allowedScopes', 0) \"openid\\0\": '\\0' at position 7 may not "),
            ),
            (
                "scope-with-space",
                refused("('allowedScopes', 0) \"openid profile\": ' ' at position 7 may"),
            ),
            (
                "scopes-many",
                refused("('allowedScopes',) ensure this value has at most 200 items"),
            ),
            (
                "scopes-nested",
                refused("('allowedScopes', 0) str type expected"),
            ),
            ("scopes-none", Ok((3600, 0))),
            (
                "scopes-text",
                refused("('allowedScopes',) value is not a valid list"),
            ),
            ("scopes-twice", Ok((3600, 2))),
            (
                "title-long",
                refused("('title',) ensure this value has at most 200 characters"),
            ),
            (
                "title-nul",
                refused("('title',) ensure this value has no control characters"),
            ),
            ("title-number", refused("('title',) str type expected")),
            ("title-only", Ok((3600, 5))),
            ("title-overlong", refused("no object")),
            ("title-right-to-left", Ok((3600, 5))),
            (
                "title-spaces",
                refused("('title',) ensure this value has at least 1 characters"),
            ),
            ("title-surrogate", refused("no object")),
            ("title-surrogate-pair", Ok((3600, 5))),
            ("whole", Ok((3600, 3))),
        ],
        |bytes| {
            class(bytes, TokenPolicyDraft::from_json)
                .map(|draft| (draft.access_token_lifetime, draft.allowed_scopes.len()))
        },
    );
}

#[test]
fn a_token_policy_that_is_read_keeps_its_bounds_and_reads_back() {
    hold_for_bodies(&CORPUS, |body| {
        let draft = match TokenPolicyDraft::from_json(body) {
            Ok(draft) => draft,
            Err(error) => return check_refusal(body, &error),
        };
        prop_assert!(ACCESS_TOKEN_LIFETIME.contains(&draft.access_token_lifetime));
        prop_assert!(REFRESH_TOKEN_LIFETIME.contains(&draft.refresh_token_lifetime));
        prop_assert!(draft.allowed_scopes.len() <= 200);
        prop_assert!(draft.title.chars().count() <= 200);
        let policy = draft.clone().with_id("i".to_owned());
        prop_assert_eq!(TokenPolicyDraft::from_json(&shown(&policy)), Ok(draft));
        Ok(())
    });
}
