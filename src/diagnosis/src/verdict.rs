//! The run in one headline.

use crate::{
    catalog::{self, OPENID_DROPPED, Subject, When, Words},
    evidence::{Draft, Outcome, Run},
    funnel::{FirstStop, FunnelRow, funnel},
};
use oidc::scope::{OPENID, Scope, ScopeFinding, ScopeToken};
use policy::{client::ClientType, token_policy::TokenPolicy};
use serde::{Deserialize, Serialize};

/// The colour of a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tone {
    /// Everything that was asked for came through.
    LetThrough,
    /// Everything was granted, but the person has no value for some scope.
    /// Nobody's fault, so nothing to shout about.
    NoValue,
    /// Something was dropped without an error.
    Dropped,
    /// The run ended early.
    Failed,
}

/// What came of a run, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The stable id of the finding the headline is about.
    pub id: String,
    /// The colour.
    pub tone: Tone,
    /// One sentence.
    pub headline: String,
    /// Why, in a few sentences. Names are set in backticks.
    pub detail: String,
    /// The scopes that adding to `allowedScopes` brings into the token.
    pub missing: Vec<ScopeToken>,
}

/// Why a scope may have stopped in a run that went on to its end, the most
/// important reason first.
const BY_WEIGHT: [FirstStop; 7] = [
    FirstStop::NotInAllowedScopes,
    FirstStop::NotGranted,
    FirstStop::UnknownToProvider,
    FirstStop::ClaimsMissing,
    FirstStop::UserInfoClosed,
    FirstStop::NoValue,
    FirstStop::NothingIssued,
];

impl Verdict {
    fn new(words: Words, tone: Tone) -> Self {
        Self {
            id: words.id,
            tone,
            headline: words.headline,
            detail: words.detail,
            missing: Vec::new(),
        }
    }
}

/// What came of the run.
#[must_use]
pub fn verdict(run: &Run) -> Verdict {
    let rows = funnel(run);
    let ignored = ignored(run.request.scope.as_deref().unwrap_or_default());
    let failed_checks: Vec<_> = run.checks.iter().filter(|check| !check.passed).collect();
    let failure = match &run.outcome {
        Outcome::Refused(error) => Some(catalog::refused(error)),
        _ if !failed_checks.is_empty() => Some(catalog::checks_failed(&failed_checks)),
        // That userinfo is closed is then a consequence and not the reason.
        Outcome::Failed { .. } if run.granted.is_some() && openid_dropped(&rows) => None,
        Outcome::Failed {
            step,
            message,
            error,
            advice,
        } => Some(catalog::failed(*step, message, error.as_ref(), advice)),
        Outcome::Completed => None,
    };
    if let Some(words) = failure {
        return with_ignored(Verdict::new(words, Tone::Failed), &ignored);
    }
    let subject = Subject {
        when: When::Past,
        policy: &run.policy.title,
        person: person(run),
        ignored: !ignored.is_empty(),
    };
    let judged = judge(&rows, subject);
    let verdict = match &run.change {
        Some(change) if judged.id == catalog::LET_THROUGH => {
            let added: Vec<&ScopeToken> = rows
                .iter()
                .map(|row| &row.scope)
                .filter(|scope| change.added.contains(scope.as_str()))
                .collect();
            if added.is_empty() {
                judged
            } else {
                Verdict::new(subject.fixed(&added, &rows), Tone::LetThrough)
            }
        }
        _ => judged,
    };
    with_ignored(verdict, &ignored)
}

/// What there is to foresee a run from.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// What is composed.
    pub draft: &'a Draft,
    /// Whether its client can keep a secret.
    pub client_type: ClientType,
    /// The rows of [`crate::funnel::predicted`].
    pub rows: &'a [FunnelRow],
    /// The client's token policy.
    pub policy: &'a TokenPolicy,
    /// The name of the chosen person, or of the one shown as an example.
    pub person: &'a str,
}

/// What will come of a run.
#[must_use]
pub fn forecast(outlook: &Outlook<'_>) -> Verdict {
    let ignored = ignored(&outlook.draft.scope);
    if let Some(words) = early_end(outlook) {
        return with_ignored(Verdict::new(words, Tone::Failed), &ignored);
    }
    let subject = Subject {
        when: When::Future,
        policy: &outlook.policy.title,
        person: Some(outlook.person).filter(|name| !name.is_empty()),
        ignored: !ignored.is_empty(),
    };
    with_ignored(judge(outlook.rows, subject), &ignored)
}

/// Why a run will not come to its scopes, the first reason on its way: the
/// provider looks at the scope before PKCE, and a `state` is missed last.
fn early_end(outlook: &Outlook<'_>) -> Option<Words> {
    let Outlook { draft, rows, .. } = outlook;
    if rows.iter().all(|row| row.scope.as_str() != OPENID) {
        let mut words = catalog::openid_not_requested();
        if rows.iter().any(|row| row.scope.is_comma_list()) {
            words.detail = catalog::joined([words.detail, catalog::COMMAS.to_owned()]);
        }
        return Some(words);
    }
    if outlook.client_type == ClientType::Public && draft.code_verifier.is_none() {
        return Some(catalog::pkce_missing());
    }
    let mut prompts = draft.prompt.as_deref().unwrap_or_default().split(' ');
    // Without a person the session ends, so that somebody has to be asked.
    if draft.person.is_none() && prompts.any(|prompt| prompt == "none") {
        return Some(catalog::nobody_signed_in());
    }
    let state = draft.state.as_deref().unwrap_or_default();
    state.is_empty().then(catalog::state_missing)
}

/// What is odd about a `scope` parameter, in sentences: also what does no harm.
#[must_use]
pub fn remarks(scope: &str) -> Vec<String> {
    let parsed = Scope::parse(scope);
    let commas = parsed.scope.iter().any(ScopeToken::is_comma_list);
    let findings = parsed.findings.iter().map(ToString::to_string);
    findings
        .chain(commas.then(|| catalog::COMMAS.to_owned()))
        .collect()
}

/// The words of a `scope` parameter that the provider ignores.
fn ignored(scope: &str) -> Vec<ScopeFinding> {
    let findings = Scope::parse(scope).findings.into_iter();
    findings
        .filter(|finding| matches!(finding, ScopeFinding::Malformed { .. }))
        .collect()
}

/// Says in the detail which words the provider ignores: they have no row.
fn with_ignored(mut verdict: Verdict, ignored: &[ScopeFinding]) -> Verdict {
    let more = catalog::ignored(ignored);
    verdict.detail = catalog::joined([verdict.detail].into_iter().chain(more));
    verdict
}

/// The name to call the person by.
fn person(run: &Run) -> Option<&str> {
    let given = run.profile.as_ref().map(|profile| &*profile.given_name);
    let view = run.signed_in.as_ref();
    [
        given,
        view.map(|view| &*view.name),
        view.map(|view| &*view.email),
    ]
    .into_iter()
    .flatten()
    .find(|name| !name.is_empty())
}

fn openid_dropped(rows: &[FunnelRow]) -> bool {
    rows.iter().any(|row| {
        row.scope.as_str() == OPENID && row.first_stop == Some(FirstStop::NotInAllowedScopes)
    })
}

/// The verdict over the rows of a run that went on to its end.
fn judge(rows: &[FunnelRow], subject: Subject<'_>) -> Verdict {
    let stops: Vec<(FirstStop, Vec<&FunnelRow>)> = BY_WEIGHT
        .into_iter()
        .map(|stop| {
            let stopped = rows.iter().filter(|row| row.first_stop == Some(stop));
            (stop, stopped.collect())
        })
        .filter(|(_, stopped): &(_, Vec<_>)| !stopped.is_empty())
        .collect();
    let Some((first, stopped)) = stops.first() else {
        return Verdict::new(subject.let_through(rows), Tone::LetThrough);
    };
    // Of everything that can be dropped, `openid` weighs most.
    let openid = openid_dropped(rows);
    let (id, headline) = if openid {
        let row: Vec<_> = rows
            .iter()
            .filter(|row| row.scope.as_str() == OPENID)
            .collect();
        (OPENID_DROPPED, subject.headline(*first, &row))
    } else {
        (first.id(), subject.headline(*first, stopped))
    };
    let details = stops.iter().enumerate().flat_map(|(index, (stop, rows))| {
        let consequence = (openid && index == 0).then(|| subject.openid_dropped());
        [subject.detail(*stop, rows), consequence.unwrap_or_default()]
    });
    Verdict {
        id: id.to_owned(),
        tone: if *first == FirstStop::NoValue {
            Tone::NoValue
        } else {
            Tone::Dropped
        },
        headline,
        detail: catalog::joined(details),
        missing: rows
            .iter()
            .filter(|row| row.first_stop == Some(FirstStop::NotInAllowedScopes))
            .map(|row| row.scope.clone())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Outlook, Tone, Verdict, forecast, remarks, verdict};
    use crate::{
        evidence::{Draft, Outcome, PolicyChange, Run},
        fixture::{any_run, bo, draft, issue, policy, run, scope},
        funnel::{funnel, predicted},
    };
    use oidc::{
        error::{ErrorCode, OAuthError},
        exchange::Step,
        pkce::CodeVerifier,
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
        let foreseen = foreseen("openid a\"b", "openid");
        assert_eq!(foreseen.headline, "Every scope will be granted.");
        assert!(foreseen.detail.contains("`a\"b` is sent as typed"));
    }

    #[test]
    fn a_scope_parameter_is_remarked_on() {
        for (scope, expected) in [
            ("openid email", &[][..]),
            (
                " openid,email,email openid,email",
                &[
                    "There is a space too many between the scopes.",
                    "Scopes are separated by spaces, not commas.",
                ],
            ),
            (
                "openid openid",
                &["`openid` is there more than once; the first one counts."],
            ),
        ] {
            assert_eq!(remarks(scope), expected);
        }
        let commas = foreseen("openid,email", "openid");
        assert_eq!(commas.id, "request.openid-missing");
        assert!(
            commas
                .detail
                .ends_with(" Scopes are separated by spaces, not commas."),
            "{}",
            commas.detail
        );
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

    /// What will come of a complete draft, for Bo.
    fn foreseen(requested: &str, allowed: &str) -> Verdict {
        foreseen_of(&complete(requested), ClientType::Public, allowed)
    }

    fn complete(requested: &str) -> Draft {
        Draft {
            state: Some("s".to_owned()),
            code_verifier: CodeVerifier::new(&"v".repeat(43)).ok(),
            ..draft(requested)
        }
    }

    fn foreseen_of(draft: &Draft, client_type: ClientType, allowed: &str) -> Verdict {
        let policy = policy(allowed);
        forecast(&Outlook {
            draft,
            client_type,
            rows: &predicted(&scope(&draft.scope), &policy, &bo()),
            policy: &policy,
            person: "Bo",
        })
    }

    #[test]
    fn before_a_run_it_is_said_what_will_come() {
        for (requested, allowed, headline, detail) in [
            (
                "openid email",
                "openid email",
                "Everything will come through.",
                "The token policy “Storefront” allows every scope that is asked for.",
            ),
            (
                "openid email address",
                "openid email",
                "address will be dropped.",
                "The token policy “Storefront” does not list `address` in `allowedScopes`, so it will be dropped without an error.",
            ),
            (
                "openid Email",
                "openid",
                "Email will be dropped.",
                "The provider does not know `Email`, so it will be dropped without an error. Its discovery document does not list it, \
                 and adding it to `allowedScopes` changes nothing. Scopes are case-sensitive: the provider knows `email`.",
            ),
            (
                "openid address",
                "openid address",
                "Bo has no address on file.",
                "`address` will be granted, but Bo has no value for it, so userinfo will leave the claims out. No token policy can change that.",
            ),
            (
                "openid",
                "",
                "openid will be dropped.",
                "The token policy “Storefront” does not list `openid` in `allowedScopes`, so it will be dropped without an error. \
                 Without `openid` there will be no ID token, and userinfo will be closed to the access token.",
            ),
            (
                "profile",
                "openid",
                "The provider will refuse this request.",
                "A login asks for `openid`. Without it the provider answers `invalid_scope`: “Scope must include 'openid'”.",
            ),
        ] {
            let verdict = foreseen(requested, allowed);
            assert_eq!(
                (verdict.headline.as_str(), verdict.detail.as_str()),
                (headline, detail)
            );
        }
        assert_eq!(
            missing(&foreseen("openid address phone", "openid")),
            ["address", "phone"]
        );
    }

    #[test]
    fn before_a_run_that_ends_early_it_is_said_why() {
        let complete = complete("openid address");
        let no_pkce = Draft {
            code_verifier: None,
            ..complete.clone()
        };
        let nobody = Draft {
            person: None,
            prompt: Some("none".to_owned()),
            ..complete.clone()
        };
        let no_state = Draft {
            state: Some(String::new()),
            ..complete.clone()
        };
        for (draft, id, headline, detail) in [
            (
                &no_pkce,
                "forecast.pkce-missing",
                "The request will be refused.",
                "A public client must use PKCE. Tick PKCE.",
            ),
            (
                &nobody,
                "forecast.nobody-signed-in",
                "The sign-in will fail.",
                "`prompt=none` forbids asking, and nobody is signed in. Choose a person, or leave `prompt` out.",
            ),
            (
                &no_state,
                "forecast.state-missing",
                "The answer will be refused.",
                "It will have no `state`, so it cannot be told from a forged one. Fill in `state`.",
            ),
        ] {
            let verdict = foreseen_of(draft, ClientType::Public, "openid");
            assert_eq!((verdict.id.as_str(), verdict.tone), (id, Tone::Failed));
            assert_eq!(
                (verdict.headline.as_str(), verdict.detail.as_str()),
                (headline, detail)
            );
            assert!(verdict.missing.is_empty());
        }
        // What nothing forbids goes on to its scopes.
        let asked = Draft {
            person: None,
            ..complete.clone()
        };
        let known = Draft {
            prompt: nobody.prompt.clone(),
            ..complete
        };
        for (draft, client_type) in [
            (&no_pkce, ClientType::Confidential),
            (&asked, ClientType::Public),
            (&known, ClientType::Public),
        ] {
            let verdict = foreseen_of(draft, client_type, "openid");
            assert_eq!(verdict.id, "scope.not-in-allowed-scopes");
        }
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
}
