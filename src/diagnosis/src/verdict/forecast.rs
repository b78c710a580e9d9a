//! What will come of a run, before it.

use super::{Tone, Verdict, ignored, judge, with_ignored};
use crate::{
    catalog::{self, Subject, When, Words},
    evidence::Draft,
    funnel::FunnelRow,
};
use oidc::{
    claims_request::ClaimsRequest,
    scope::{OPENID, Scope, ScopeToken},
};
use policy::{client::ClientType, release::StandardScope, token_policy::TokenPolicy};

/// What there is to foresee a run from.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// What is composed.
    pub draft: &'a Draft,
    /// Whether its client can keep a secret.
    pub client_type: ClientType,
    /// The response types that the client's login policy allows.
    pub response_types: &'a [String],
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
    let parameters = draft.request("-").parameters();
    if let Some(words) = repeated(&parameters).or_else(|| response_type(outlook)) {
        return Some(words);
    }
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
    let types = draft.response_type.as_deref().unwrap_or_default();
    let nonce = draft.nonce.as_deref().unwrap_or_default();
    if nonce.is_empty() && types.split(' ').any(|word| word == "id_token") {
        let problem = "is needed for an ID token that comes with the code, and is missing";
        return Some(catalog::parameter_refused("nonce", problem));
    }
    if let Some(words) = parameters
        .iter()
        .find_map(|(name, value)| unusable(name, value))
    {
        return Some(words);
    }
    // Without a person the session ends, so that somebody has to be asked.
    if draft.person.is_none() && prompts.any(|prompt| prompt == "none") {
        return Some(catalog::nobody_signed_in());
    }
    let state = draft.state.as_deref().unwrap_or_default();
    state.is_empty().then(catalog::state_missing)
}

/// [RFC 6749 section 3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)
fn repeated(parameters: &[(String, String)]) -> Option<Words> {
    let (name, _) = parameters.iter().enumerate().find_map(|(at, parameter)| {
        let before = &parameters[..at];
        before
            .iter()
            .any(|(name, _)| *name == parameter.0)
            .then_some(parameter)
    })?;
    Some(catalog::parameter_refused(
        name,
        "may be there once, and is there twice",
    ))
}

fn response_type(outlook: &Outlook<'_>) -> Option<Words> {
    let Some(asked) = outlook.draft.response_type.as_deref() else {
        return Some(catalog::parameter_refused(
            "response_type",
            "says what the provider is to answer with, and is missing",
        ));
    };
    let allowed = outlook.response_types.iter().any(|own| own == asked);
    (!allowed).then(|| catalog::response_type_refused(asked, outlook.response_types))
}

/// What the provider does not take.
fn unusable(name: &str, value: &str) -> Option<Words> {
    let problem = match name {
        "max_age" if value.parse::<u64>().is_err() => "must be a number of seconds",
        "request" | "request_uri" | "registration" => "is not supported by this provider",
        "claims" => {
            let error = ClaimsRequest::parse(value).err()?;
            return Some(catalog::parameter_refused(
                name,
                &format!("cannot be read: {error}"),
            ));
        }
        _ => return None,
    };
    Some(catalog::parameter_refused(name, problem))
}

/// What is odd about a `claims` parameter, in sentences: also what does no harm.
#[must_use]
pub fn claims_remarks(claims: &str) -> Vec<String> {
    if claims.is_empty() {
        return Vec::new();
    }
    match ClaimsRequest::parse(claims) {
        Err(error) => vec![format!("It cannot be read: {error}.")],
        Ok(asked) if asked.userinfo.is_empty() && asked.id_token.is_empty() => {
            vec!["It asks for nothing: no claim is named in `userinfo` or `id_token`.".to_owned()]
        }
        Ok(asked) => asked
            .userinfo
            .iter()
            .chain(&asked.id_token)
            .filter(|asked| !is_known(&asked.name))
            .map(|asked| catalog::unknown_claim(&asked.name))
            .collect(),
    }
}

/// Whether a claim is one the provider can tell when it is asked for by name:
/// those of the scopes, and `acr` of the ID token.
fn is_known(claim: &str) -> bool {
    let scopes = StandardScope::ALL.into_iter();
    claim == "acr"
        || scopes
            .flat_map(StandardScope::claims)
            .any(|own| *own == claim)
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
            response_types: &["code".to_owned()],
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
    fn a_parameter_the_provider_refuses_is_foreseen() {
        let further = |name: &str, value: &str| Draft {
            further: vec![(name.to_owned(), value.to_owned())],
            ..complete("openid")
        };
        let of_type = |response_type: Option<&str>| Draft {
            response_type: response_type.map(str::to_owned),
            ..complete("openid")
        };
        for (draft, detail) in [
            (
                further("max_age", "soon"),
                "`max_age` must be a number of seconds.",
            ),
            (
                further("claims", "{"),
                "`claims` cannot be read: claims must be a JSON object.",
            ),
            (
                further("scope", "again"),
                "`scope` may be there once, and is there twice.",
            ),
            (
                further("request", "e30"),
                "`request` is not supported by this provider.",
            ),
            (
                of_type(None),
                "`response_type` says what the provider is to answer with, and is missing.",
            ),
            (
                of_type(Some("code id_token")),
                "The login policy of this client allows `code`, and not `code id_token`. \
                 The provider answers `unsupported_response_type`.",
            ),
        ] {
            let foreseen = foreseen_of(&draft, ClientType::Public, "openid");
            assert_eq!(
                (foreseen.tone, foreseen.detail.as_str()),
                (Tone::Failed, detail)
            );
        }
        for (name, value) in [
            ("max_age", "0"),
            ("claims", "{\"userinfo\":{\"email\":null}}"),
            ("tenant", "blue"),
            ("acr_values", "x"),
        ] {
            let foreseen = foreseen_of(&further(name, value), ClientType::Public, "openid");
            assert_eq!(foreseen.tone, Tone::LetThrough, "{name}");
        }
    }

    #[test]
    fn an_id_token_that_comes_with_the_code_needs_a_nonce() {
        let policy = policy("openid");
        let tone_and_detail = |nonce: Option<&str>| {
            let draft = Draft {
                response_type: Some("code id_token".to_owned()),
                nonce: nonce.map(str::to_owned),
                ..complete("openid")
            };
            let verdict = forecast(&Outlook {
                draft: &draft,
                client_type: ClientType::Public,
                response_types: &["code id_token".to_owned()],
                rows: &foreseen_rows(&scope("openid"), &policy, &bo()),
                policy: &policy,
                person: "Bo",
            });
            (verdict.tone, verdict.detail)
        };
        assert_eq!(tone_and_detail(Some("n")).0, Tone::LetThrough);
        let (tone, detail) = tone_and_detail(None);
        assert_eq!(tone, Tone::Failed);
        assert!(detail.starts_with("`nonce` is needed"), "{detail}");
    }

    #[test]
    fn a_claims_parameter_is_remarked_on() {
        for (claims, expected) in [
            ("", &[][..]),
            (
                r#"{"id_token":{"acr":null},"userinfo":{"email":null}}"#,
                &[],
            ),
            ("[]", &["It cannot be read: claims must be a JSON object."]),
            (
                "{}",
                &["It asks for nothing: no claim is named in `userinfo` or `id_token`."],
            ),
            (
                r#"{"userinfo":{"picture":null}}"#,
                &["The provider does not know the claim `picture`: it will not come."],
            ),
        ] {
            assert_eq!(super::claims_remarks(claims), expected, "{claims}");
        }
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
