use crate::{check_refusal, class, hold_for_bodies, refused, shown};
use fuzz::{Corpus, corpus, prop_assert, prop_assert_eq};
use oidc::response_type::ResponseType;
use policy::login_policy::{AllowedResponseTypes, LoginPolicyDraft, PushClaims};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("login_policy"));
static RESPONSE_TYPES: LazyLock<Corpus> = LazyLock::new(|| corpus!("allowed_response_types"));
static PUSH_CLAIMS: LazyLock<Corpus> = LazyLock::new(|| corpus!("push_claims"));

#[test]
fn kept_bodies_are_read_as_stated() {
    CORPUS.check(
        &[
            (
                "claim-name-long",
                refused("('customClaims', 'userinfo', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"),
            ),
            (
                "claim-name-nul",
                refused("('customClaims', 'userinfo', 'a\0') ensure this name has no c"),
            ),
            (
                "claim-name-spaces",
                refused("('customClaims', 'userinfo', '\u{2003}') a claim has a name of 1 to"),
            ),
            (
                "claim-nameless",
                refused("('customClaims', 'userinfo', '') a claim has a name of 1 to "),
            ),
            (
                "claim-object",
                refused("('customClaims', 'userinfo', 'a') str type expected"),
            ),
            (
                "claim-of-the-protocol",
                refused("('customClaims', 'id_token', 'iss') the protocol itself sets"),
            ),
            ("claim-twice", Ok(1)),
            (
                "claims-array",
                refused("('customClaims', 'userinfo') value is not a valid dict"),
            ),
            (
                "claims-many",
                refused("('customClaims', 'userinfo') ensure this value has at most 5"),
            ),
            ("empty", refused("no object")),
            ("null", refused("no object")),
            ("right-to-left", Ok(0)),
            ("smallest-store", Ok(0)),
            (
                "store-details-array",
                refused("('identityStoreDetails', 'connectionDetails') value is not a"),
            ),
            (
                "store-text",
                refused("('identityStoreDetails',) value is not a valid dict"),
            ),
            (
                "store-type",
                refused("('identityStoreDetails', 'type') value is not a valid enumer"),
            ),
            (
                "title-only",
                refused("('identityStoreDetails',) field required"),
            ),
            (
                "url-newline",
                refused("('loginURL',) ensure this value has no control characters"),
            ),
            (
                "url-relative",
                refused("('loginURL',) \"//evil.example\" is not an absolute URI"),
            ),
            (
                "url-script",
                refused("('loginURL',) \"javascript:alert(1)\" has a scheme that browse"),
            ),
            ("whole", Ok(2)),
        ],
        |bytes| {
            class(bytes, |body| {
                LoginPolicyDraft::from_json(body)?.create("i".to_owned())
            })
            .map(|policy| policy.custom_claims.id_token.len() + policy.custom_claims.userinfo.len())
        },
    );
}

#[test]
fn kept_bodies_of_response_types_are_read_as_stated() {
    RESPONSE_TYPES.check(
        &[
            (
                "case",
                refused("('allowedResponseTypes', 2) value is not a valid enumeration"),
            ),
            (
                "empty-object",
                refused("('allowedResponseTypes',) field required"),
            ),
            (
                "nested",
                refused("('allowedResponseTypes', 0) value is not a valid enumeration"),
            ),
            (
                "none",
                refused("('allowedResponseTypes',) ensure this value has at least 1 i"),
            ),
            (
                "nul",
                refused("('allowedResponseTypes', 0) value is not a valid enumeration"),
            ),
            ("order", Ok("id_token token, code".to_owned())),
            (
                "spaces",
                refused("('allowedResponseTypes', 0) value is not a valid enumeration"),
            ),
            (
                "text",
                refused("('allowedResponseTypes',) value is not a valid list"),
            ),
            (
                "token",
                refused("('allowedResponseTypes', 0) value is not a valid enumeration"),
            ),
            ("twice", Ok("code".to_owned())),
        ],
        |bytes| {
            class(bytes, AllowedResponseTypes::from_json)
                .map(|allowed| allowed.allowed_response_types.join(", "))
        },
    );
}

#[test]
fn kept_bodies_of_push_claims_are_read_as_stated() {
    PUSH_CLAIMS.check(
        &[
            ("bare", refused("no object")),
            ("duplicate-members", Ok(false)),
            ("null", refused("('pushClaims',) field required")),
            (
                "number",
                refused("('pushClaims',) value could not be parsed to a boolean"),
            ),
            ("on", Ok(true)),
            (
                "text",
                refused("('pushClaims',) value could not be parsed to a boolean"),
            ),
        ],
        |bytes| class(bytes, PushClaims::from_json).map(|push| push.push_claims),
    );
}

#[test]
fn a_login_policy_that_is_read_reads_back_and_replaces_itself() {
    hold_for_bodies(&CORPUS, |body| {
        let made = LoginPolicyDraft::from_json(body)
            .and_then(|draft| Ok((draft.clone(), draft.create("i".to_owned())?)));
        let (draft, policy) = match made {
            Ok(made) => made,
            Err(error) => return check_refusal(body, &error),
        };
        for claims in [
            &policy.custom_claims.id_token,
            &policy.custom_claims.userinfo,
        ] {
            prop_assert!(claims.len() <= 50);
            for protocol in ["iss", "sub", "aud", "exp", "nonce", "at_hash"] {
                prop_assert!(!claims.contains_key(protocol));
            }
        }
        let again = LoginPolicyDraft::from_json(&shown(&policy)).unwrap();
        for made in [
            again.clone().create("i".to_owned()),
            again.replace(policy.clone()),
            draft.replace(policy.clone()),
        ] {
            prop_assert_eq!(made.as_ref(), Ok(&policy));
        }
        Ok(())
    });
}

#[test]
fn response_types_that_are_read_read_back() {
    hold_for_bodies(&RESPONSE_TYPES, |body| {
        let allowed = match AllowedResponseTypes::from_json(body) {
            Ok(allowed) => allowed,
            Err(error) => return check_refusal(body, &error),
        };
        let listed = &allowed.allowed_response_types;
        prop_assert!((1..=6).contains(&listed.len()));
        for own in listed {
            let parsed = ResponseType::parse(own).map(ResponseType::as_str);
            prop_assert_eq!(parsed, Some(own.as_str()));
        }
        let again = AllowedResponseTypes::from_json(&shown(&allowed));
        prop_assert_eq!(again, Ok(allowed));
        Ok(())
    });
}

#[test]
fn push_claims_that_are_read_read_back() {
    hold_for_bodies(&PUSH_CLAIMS, |body| {
        match PushClaims::from_json(body) {
            Ok(push) => prop_assert_eq!(PushClaims::from_json(&shown(&push)), Ok(push)),
            Err(error) => check_refusal(body, &error)?,
        }
        Ok(())
    });
}
