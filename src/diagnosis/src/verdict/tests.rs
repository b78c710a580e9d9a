use super::{Outlook, Tone, Verdict, forecast, verdict};
use crate::{
    evidence::{Draft, Outcome, PolicyChange, Run},
    fixture::{any_run, bo, issue, policy, run, scope},
    funnel::funnel,
};
use oidc::{
    error::{ErrorCode, OAuthError},
    exchange::Step,
    verification::{Check, CheckName},
};
use policy::{client::ClientType, profile::Profile};
use proptest::prelude::*;

fn missing(verdict: &Verdict) -> Vec<&str> {
    verdict.missing.iter().map(AsRef::as_ref).collect()
}

/// Compares a verdict whole.
fn check(run: &Run, (id, tone): (&str, Tone), headline: &str, detail: &str, fixable: &[&str]) {
    let verdict = verdict(run);
    assert_eq!(verdict.headline, headline);
    assert_eq!(verdict.detail, detail);
    assert_eq!((verdict.id.as_str(), verdict.tone), (id, tone));
    assert_eq!(missing(&verdict), fixable);
}

const DROPPED: (&str, Tone) = ("scope.not-in-allowed-scopes", Tone::Dropped);

#[test]
fn everything_came_through() {
    check(
        &run("openid email", "openid email"),
        ("run.let-through", Tone::LetThrough),
        "Everything came through.",
        "2 scopes were asked for, and the token policy “Storefront” allows all of them.",
        &[],
    );
    check(
        &run("openid profile", "openid profile"),
        ("run.let-through", Tone::LetThrough),
        "Every scope was granted.",
        "2 scopes were asked for, and the token policy “Storefront” allows all of them. \
         1 claim has no value: `middle_name`. Alice has none on file, so userinfo leaves it out.",
        &[],
    );
}

#[test]
fn of_many_names_three_are_told() {
    let mut bos = run("openid profile", "openid profile");
    issue(&mut bos, bo());
    check(
        &bos,
        ("run.let-through", Tone::LetThrough),
        "Every scope was granted.",
        "2 scopes were asked for, and the token policy “Storefront” allows all of them. \
         7 claims have no value: `family_name`, `middle_name`, `nickname` and 4 more. Bo has \
         none on file, so userinfo leaves them out.",
        &[],
    );

    let mut words: Vec<String> = (0..200).map(|n| format!("s{n}")).collect();
    words.insert(0, "openid".to_owned());
    check(
        &run(&words.join(" "), "openid"),
        ("scope.unknown-to-provider", Tone::Dropped),
        "200 scopes were dropped.",
        "`s0`, `s1`, `s2` and 197 more were asked for, but the provider does not know them, so \
         they were dropped without an error. Its discovery document does not list them, and \
         adding them to `allowedScopes` changes nothing.",
        &[],
    );

    let mut nobody = run(
        "openid profile email address phone",
        "openid profile email address phone",
    );
    let empty = Profile {
        uuid: "n-1".to_owned(),
        ..Profile::default()
    };
    issue(&mut nobody, empty);
    let verdict = verdict(&nobody);
    assert_eq!(verdict.headline, "This person has no value for 4 scopes.");
}

#[test]
fn words_that_are_no_scopes_are_told() {
    check(
        &run("openid a\"b", "openid"),
        ("run.let-through", Tone::LetThrough),
        "Every scope was granted.",
        "1 scope was asked for, and the token policy “Storefront” allows it. `a\"b` is sent as \
         typed, but the provider ignores it: `\"` may not stand in a scope (RFC 6749, section \
         3.3).",
        &[],
    );
    let many = verdict(&run("openid a\\ b\\ c\\ d\\ e\\", "openid"));
    assert!(many.detail.contains(" `c\\` is sent as typed"));
    assert!(
        many.detail
            .ends_with(" 2 more words of `scope` are ignored."),
        "{}",
        many.detail
    );
    assert!(!many.detail.contains("`d"));
}

#[test]
fn one_scope_was_dropped_by_the_policy() {
    check(
        &run("openid profile address", "openid profile"),
        DROPPED,
        "address was dropped.",
        "`address` was asked for, but the token policy “Storefront” does not list it in \
         `allowedScopes`, so it was dropped without an error.",
        &["address"],
    );
}

#[test]
fn several_scopes_were_dropped_by_the_policy() {
    check(
        &run("openid address phone", "openid"),
        DROPPED,
        "address and phone were dropped.",
        "`address` and `phone` were asked for, but the token policy “Storefront” does not list \
         them in `allowedScopes`, so they were dropped without an error.",
        &["address", "phone"],
    );
    let many = verdict(&run("openid profile email address phone", "openid"));
    assert_eq!(many.headline, "4 scopes were dropped.");
}

#[test]
fn an_unknown_scope_cannot_be_added() {
    check(
        &run("openid shoe_size", "openid shoe_size"),
        ("scope.unknown-to-provider", Tone::Dropped),
        "shoe_size was dropped.",
        "`shoe_size` was asked for, but the provider does not know it, so it was dropped \
         without an error. Its discovery document does not list it, and adding it to \
         `allowedScopes` changes nothing.",
        &[],
    );
}

#[test]
fn the_policy_does_not_allow_openid() {
    let mut without = run("openid profile", "profile");
    let expected = (
        ("scope.openid-dropped", Tone::Dropped),
        "openid was dropped.",
        "`openid` was asked for, but the token policy “Storefront” does not list it in \
         `allowedScopes`, so it was dropped without an error. Without `openid` there is no ID \
         token, and userinfo is closed to the access token. `profile` was granted, but \
         userinfo is closed to a token without `openid`, so no claims came.",
    );
    check(&without, expected.0, expected.1, expected.2, &["openid"]);
    // That userinfo refuses is what the headline says already.
    without.outcome = Outcome::Failed {
        step: Step::UserInfo,
        message: "userinfo answered 403".to_owned(),
        error: Some(OAuthError::new(ErrorCode::InsufficientScope, "no openid")),
        advice: String::new(),
    };
    check(&without, expected.0, expected.1, expected.2, &["openid"]);
}

#[test]
fn a_granted_scope_without_a_value_is_not_dropped() {
    let mut bos = run("openid address phone", "openid address phone");
    issue(&mut bos, bo());
    check(
        &bos,
        ("claims.no-value", Tone::NoValue),
        "Bo has no address and no phone number on file.",
        "`address` and `phone` were granted, but Bo has no value for them, so userinfo leaves \
         the claims out. No token policy can change that.",
        &[],
    );
}

#[test]
fn of_several_reasons_the_most_important_is_the_headline() {
    let mut bos = run("openid address shoe_size phone", "openid phone");
    issue(&mut bos, bo());
    check(
        &bos,
        DROPPED,
        "address was dropped.",
        "`address` was asked for, but the token policy “Storefront” does not list it in \
         `allowedScopes`, so it was dropped without an error. `shoe_size` was asked for, but \
         the provider does not know it, so it was dropped without an error. Its discovery \
         document does not list it, and adding it to `allowedScopes` changes nothing. `phone` \
         was granted, but Bo has no value for it, so userinfo leaves the claims out. No token \
         policy can change that.",
        &["address"],
    );
}

#[test]
fn userinfo_left_out_what_was_granted() {
    let mut odd = run("openid email", "openid email");
    odd.userinfo.as_mut().unwrap().shift_remove("email");
    check(
        &odd,
        ("claims.missing", Tone::Dropped),
        "Claims of email are missing.",
        "`email` was granted, yet userinfo did not answer with `email`. The token policy is \
         not the reason.",
        &[],
    );
}

#[test]
fn the_token_lacks_what_the_policy_allows() {
    let mut odd = run("openid email", "openid email");
    odd.granted = Some(scope("openid"));
    let verdict = verdict(&odd);
    assert_eq!(verdict.headline, "email was not granted.");
    assert!(verdict.missing.is_empty());
}

#[test]
fn a_change_that_helped_is_said() {
    let mut fixed = run("openid profile address", "openid profile address");
    fixed.change = Some(PolicyChange {
        before: policy("openid profile"),
        after: policy("openid profile address"),
        added: scope("address"),
        exchanges: Vec::new(),
    });
    check(
        &fixed,
        ("run.fixed", Tone::LetThrough),
        "address came through.",
        "`address` was added to `allowedScopes` of the token policy “Storefront”, and the new \
         run was granted it. 1 claim has no value: `middle_name`. Alice has none on file, so \
         userinfo leaves it out.",
        &[],
    );
}

#[test]
fn a_refusal_offers_no_scope_to_add() {
    let mut refused = run("openid address", "openid");
    refused.granted = None;
    refused.outcome = Outcome::Refused(OAuthError::new(
        ErrorCode::AccessDenied,
        "The user cancelled.",
    ));
    check(
        &refused,
        ("refused.access-denied", Tone::Failed),
        "Sign-in was cancelled.",
        "The provider answered `access_denied`: “The user cancelled.” No code and no token was \
         issued. Nothing is broken. Run again and sign in to go on.",
        &[],
    );
}

#[test]
fn a_failed_step_is_named() {
    let mut failed = run("openid address", "openid");
    failed.granted = None;
    failed.outcome = Outcome::Failed {
        step: Step::Token,
        message: "the token endpoint answered 400".to_owned(),
        error: Some(OAuthError::new(ErrorCode::InvalidGrant, "the code is used")),
        advice: "start again".to_owned(),
    };
    check(
        &failed,
        ("failed.token", Tone::Failed),
        "The token request failed.",
        "The token endpoint answered 400. The answer was `invalid_grant`: “the code is used”. \
         Start again.",
        &[],
    );
}

#[test]
fn an_id_token_that_does_not_pass_outweighs_everything() {
    let mut forged = run("openid address", "openid");
    forged.checks = vec![
        Check {
            name: CheckName::Signature,
            passed: true,
            detail: "fits".to_owned(),
        },
        Check {
            name: CheckName::Nonce,
            passed: false,
            detail: "sent a, received b".to_owned(),
        },
    ];
    check(
        &forged,
        ("failed.check", Tone::Failed),
        "The ID token did not pass: Nonce.",
        "Sent a, received b. What the token says is not to be believed.",
        &[],
    );
}

proptest! {
    #[test]
    fn words_keep_to_the_style(run in any_run()) {
        let outlook = Outlook {
            draft: &Draft {
                state: Some("s".to_owned()),
                ..run.draft.clone()
            },
            client_type: ClientType::Confidential,
            response_types: &["code".to_owned()],
            rows: &funnel(&run),
            policy: &run.policy,
            person: "Alice",
        };
        for verdict in [verdict(&run), forecast(&outlook)] {
            let first = verdict.headline.chars().next();
            prop_assert!(first.is_some() && verdict.headline.ends_with('.'), "{}", verdict.headline);
            prop_assert!(verdict.detail.ends_with('.'), "{}", verdict.detail);
            let text = format!("{} {}", verdict.headline, verdict.detail);
            prop_assert!(!text.contains("  ") && !text.contains(".."), "{text}");
        }
    }

    #[test]
    fn what_is_offered_to_add_is_enough(run in any_run()) {
        prop_assume!(run.granted.is_some());
        let first = verdict(&run);
        let mut again = run.clone();
        again.policy.allowed_scopes =
            run.policy.allowed_scopes.iter().chain(&first.missing).cloned().collect();
        issue(&mut again, run.profile.clone().unwrap());
        let second = verdict(&again);
        prop_assert!(second.missing.is_empty());
        for token in &first.missing {
            prop_assert!(again.granted.as_ref().unwrap().contains(token.as_str()));
        }
    }
}
