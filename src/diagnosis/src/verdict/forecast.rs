//! What will come of a run, before it.

use super::{Tone, Verdict, ignored, judge, with_ignored};
use crate::{
    catalog::{self, Subject, When, Words},
    evidence::Draft,
    funnel::FunnelRow,
};
use oidc::scope::{OPENID, Scope, ScopeToken};
use policy::{client::ClientType, token_policy::TokenPolicy};

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

#[cfg(test)]
mod tests {
    use super::{Outlook, forecast, remarks};
    use crate::{
        evidence::Draft,
        fixture::{bo, draft, foreseen as foreseen_rows, policy, scope},
        verdict::{Tone, Verdict},
    };
    use oidc::pkce::CodeVerifier;
    use policy::client::ClientType;

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
            rows: &foreseen_rows(&scope(&draft.scope), &policy, &bo()),
            policy: &policy,
            person: "Bo",
        })
    }

    #[test]
    fn words_that_are_no_scopes_are_told_before_a_run() {
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
        let verdict = foreseen("openid address phone", "openid");
        let missing: Vec<&str> = verdict.missing.iter().map(AsRef::as_ref).collect();
        assert_eq!(missing, ["address", "phone"]);
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
}
