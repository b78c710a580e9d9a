//! The English words of every finding, by its stable id.
//!
//! Short sentences, in the words of the specifications and of Akamai. Names as
//! they stand on the wire are set in backticks, except in headlines.

use crate::{
    compare::{Changed, Difference},
    evidence::{HowLearnt, Outcome},
    funnel::{FirstStop, FunnelRow},
};
use oidc::{
    error::OAuthError,
    exchange::Step,
    scope::{OPENID, Scope, ScopeFinding, ScopeToken},
    verification::Check,
};
use policy::{admin_scope::AdminScope, release::StandardScope};
use std::fmt::Display;

/// Everything came through.
pub const LET_THROUGH: &str = "run.let-through";
/// Everything came through, after scopes were added to the token policy.
pub const FIXED: &str = "run.fixed";
/// `openid` itself was dropped.
pub const OPENID_DROPPED: &str = "scope.openid-dropped";
/// The request does not name `openid`.
pub const OPENID_NOT_REQUESTED: &str = "request.openid-missing";
/// A public client does not use PKCE.
pub const PKCE_MISSING: &str = "forecast.pkce-missing";
/// The provider may not ask, and there is nobody it would not have to ask.
pub const NOBODY_SIGNED_IN: &str = "forecast.nobody-signed-in";
/// The request has no `state`.
pub const STATE_MISSING: &str = "forecast.state-missing";
/// A check of the ID token failed.
pub const CHECK_FAILED: &str = "failed.check";

/// What to say about scopes with commas between them.
pub(crate) const COMMAS: &str = "Scopes are separated by spaces, not commas.";

/// How many names a sentence may list.
const FEW: usize = 3;

/// Whether the words are about a run or about what will come of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// A run.
    Past,
    /// What will come of one.
    Future,
}

/// Whom and what the words are about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) when: When,
    /// The token policy's title.
    pub(crate) policy: &'a str,
    /// The person's name, where there is one.
    pub(crate) person: Option<&'a str>,
    /// Whether the request has words that are no scopes.
    pub(crate) ignored: bool,
}

/// A headline and what stands below it.
pub(crate) struct Words {
    pub(crate) id: String,
    pub(crate) headline: String,
    pub(crate) detail: String,
}

/// A few words for the cell of the stage at which a scope stopped.
pub(crate) const fn reason(stop: FirstStop) -> &'static str {
    match stop {
        FirstStop::UnknownToProvider => "the provider does not know it",
        FirstStop::NotInAllowedScopes => "not in allowedScopes",
        FirstStop::NothingIssued => "no token was issued",
        FirstStop::NotGranted => "the token does not carry it",
        FirstStop::UserInfoClosed => "userinfo needs openid",
        FirstStop::NoValue => "no value on file",
        FirstStop::ClaimsMissing => "userinfo left it out",
    }
}

impl Subject<'_> {
    /// What to say when nothing stopped, with the claims that have no value.
    pub(crate) fn let_through(&self, rows: &[FunnelRow]) -> Words {
        let policy = self.policy;
        let (come, be) = match self.when {
            When::Past => ("came", "was"),
            When::Future => ("will come", "will be"),
        };
        let detail = match (rows.len(), self.when) {
            (0, _) => "No scope was asked for.".to_owned(),
            (1, When::Past) => {
                format!("1 scope was asked for, and the token policy “{policy}” allows it.")
            }
            (count, When::Past) => format!(
                "{count} scopes were asked for, and the token policy “{policy}” allows all of them."
            ),
            (_, When::Future) => {
                format!("The token policy “{policy}” allows every scope that is asked for.")
            }
        };
        let left_out = self.left_out(rows);
        Words {
            id: LET_THROUGH.to_owned(),
            headline: if left_out.is_empty() && !self.ignored {
                format!("Everything {come} through.")
            } else {
                format!("Every scope {be} granted.")
            },
            detail: joined([detail, left_out]),
        }
    }

    /// What to say when nothing stopped after scopes were added to the policy.
    pub(crate) fn fixed(&self, added: &[&ScopeToken], rows: &[FunnelRow]) -> Words {
        let (names, policy) = (list(added), self.policy);
        let (were, them) = number(added.len());
        Words {
            id: FIXED.to_owned(),
            headline: format!("{} came through.", plain_list(added)),
            detail: joined([
                format!(
                    "{names} {were} added to `allowedScopes` of the token policy “{policy}”, \
                     and the new run was granted {them}."
                ),
                self.left_out(rows),
            ]),
        }
    }

    /// Names single claims without a value; empty when there is none.
    fn left_out(&self, rows: &[FunnelRow]) -> String {
        let empty: Vec<&String> = rows.iter().flat_map(|row| &row.empty).collect();
        if empty.is_empty() {
            return String::new();
        }
        let (_, them) = number(empty.len());
        let claims = match empty.len() {
            1 => "1 claim has".to_owned(),
            count => format!("{count} claims have"),
        };
        let leaves = match self.when {
            When::Past => "leaves",
            When::Future => "will leave",
        };
        format!(
            "{claims} no value: {}. {} has none on file, so userinfo {leaves} {them} out.",
            list(&empty),
            self.person_first()
        )
    }

    /// The headline for the scopes that stopped for the same reason.
    pub(crate) fn headline(&self, stop: FirstStop, rows: &[&FunnelRow]) -> String {
        let scopes: Vec<&ScopeToken> = rows.iter().map(|row| &row.scope).collect();
        let names = if scopes.len() > FEW {
            format!("{} scopes", scopes.len())
        } else {
            plain_list(&scopes)
        };
        let (were, _) = number(scopes.len());
        let be = match self.when {
            When::Past => were,
            When::Future => "will be",
        };
        match stop {
            FirstStop::UnknownToProvider | FirstStop::NotInAllowedScopes => {
                format!("{names} {be} dropped.")
            }
            FirstStop::NothingIssued => "No token was issued.".to_owned(),
            FirstStop::NotGranted => format!("{names} {be} not granted."),
            FirstStop::UserInfoClosed => format!(
                "Userinfo {} closed.",
                match self.when {
                    When::Past => "was",
                    When::Future => "will be",
                }
            ),
            FirstStop::NoValue if scopes.len() > FEW => {
                format!("{} has no value for {names}.", self.person_first())
            }
            FirstStop::NoValue => {
                let nouns: Vec<String> = scopes
                    .iter()
                    .map(|scope| format!("no {}", noun(scope)))
                    .collect();
                format!("{} has {} on file.", self.person_first(), anded(&nouns))
            }
            FirstStop::ClaimsMissing => format!(
                "Claims of {names} {} missing.",
                match self.when {
                    When::Past => "are",
                    When::Future => "will be",
                }
            ),
        }
    }

    /// What to call the person at the start of a sentence.
    fn person_first(&self) -> &str {
        self.person.unwrap_or("This person")
    }

    /// Why the scopes stopped, in sentences.
    pub(crate) fn detail(&self, stop: FirstStop, rows: &[&FunnelRow]) -> String {
        let scopes: Vec<&ScopeToken> = rows.iter().map(|row| &row.scope).collect();
        let names = list(&scopes);
        let (were, them) = number(scopes.len());
        let subject = if scopes.len() == 1 { "it" } else { "they" };
        let (policy, person) = (self.policy, self.person.unwrap_or("this person"));
        let (be, asked) = match self.when {
            When::Past => (were, format!("{names} {were} asked for, but ")),
            When::Future => ("will be", String::new()),
        };
        // Before a run the scopes were not named yet.
        let object = if asked.is_empty() {
            names.as_str()
        } else {
            them
        };
        match stop {
            FirstStop::NotInAllowedScopes => sentence(&format!(
                "{asked}the token policy “{policy}” does not list {object} in `allowedScopes`, \
                 so {subject} {be} dropped without an error."
            )),
            FirstStop::UnknownToProvider => {
                let mut hints: Vec<String> = Vec::new();
                for hint in scopes.iter().filter_map(|scope| hint(scope)) {
                    if hints.len() < FEW && !hints.contains(&hint) {
                        hints.push(hint);
                    }
                }
                joined(
                    [
                        sentence(&format!(
                            "{asked}the provider does not know {object}, so {subject} {be} dropped \
                             without an error."
                        )),
                        format!(
                            "Its discovery document does not list {them}, and adding {them} to \
                             `allowedScopes` changes nothing."
                        ),
                    ]
                    .into_iter()
                    .chain(hints),
                )
            }
            FirstStop::NothingIssued => "No token was issued.".to_owned(),
            FirstStop::NotGranted => format!(
                "{names} {were} asked for and the token policy “{policy}” lists {them} in \
                 `allowedScopes`, yet the token does not carry {them}. The policy may have been \
                 changed during the run."
            ),
            FirstStop::UserInfoClosed => format!(
                "{names} {be} granted, but userinfo is closed to a token without `openid`, so no \
                 claims {}.",
                match self.when {
                    When::Past => "came",
                    When::Future => "will come",
                }
            ),
            FirstStop::NoValue => format!(
                "{names} {be} granted, but {person} has no value for {them}, so userinfo {} the \
                 claims out. No token policy can change that.",
                match self.when {
                    When::Past => "leaves",
                    When::Future => "will leave",
                }
            ),
            FirstStop::ClaimsMissing => {
                let claims: Vec<&str> = rows.iter().flat_map(|row| row.missing()).collect();
                format!(
                    "{names} {be} granted, yet userinfo did not answer with {}. The token policy \
                     is not the reason.",
                    list(&claims)
                )
            }
        }
    }

    /// What it means that `openid` was dropped.
    pub(crate) fn openid_dropped(&self) -> String {
        match self.when {
            When::Past => {
                "Without `openid` there is no ID token, and userinfo is closed to the access token."
            }
            When::Future => {
                "Without `openid` there will be no ID token, and userinfo will be closed to the access \
                 token."
            }
        }
        .to_owned()
    }
}

/// What to say before a request without `openid`.
pub(crate) fn openid_not_requested() -> Words {
    Words {
        id: OPENID_NOT_REQUESTED.to_owned(),
        headline: "The provider will refuse this request.".to_owned(),
        detail: "A login asks for `openid`. Without it the provider answers `invalid_scope`: \
                 “Scope must include 'openid'”."
            .to_owned(),
    }
}

/// What to say before a public client asks without PKCE.
pub(crate) fn pkce_missing() -> Words {
    Words {
        id: PKCE_MISSING.to_owned(),
        headline: "The request will be refused.".to_owned(),
        detail: "A public client must use PKCE. Tick PKCE.".to_owned(),
    }
}

/// What to say before a request that forbids to ask whom nobody knows.
pub(crate) fn nobody_signed_in() -> Words {
    Words {
        id: NOBODY_SIGNED_IN.to_owned(),
        headline: "The sign-in will fail.".to_owned(),
        detail: "`prompt=none` forbids asking, and nobody is signed in. Choose a person, or leave \
                 `prompt` out."
            .to_owned(),
    }
}

/// What to say before a request without `state`.
pub(crate) fn state_missing() -> Words {
    Words {
        id: STATE_MISSING.to_owned(),
        headline: "The answer will be refused.".to_owned(),
        detail: "It will have no `state`, so it cannot be told from a forged one. Fill in `state`."
            .to_owned(),
    }
}

/// Where the granted scope was read: what was requested is never shown as granted.
#[must_use]
pub const fn how_learnt(learnt: HowLearnt) -> &'static str {
    match learnt {
        HowLearnt::TokenResponse => {
            "Granted is what `scope` in the token response says, not what was requested."
        }
        HowLearnt::NotSaid => {
            "The token response has no `scope`, so everything requested was granted (RFC 6749, \
             section 5.1)."
        }
        HowLearnt::NothingIssued => "No token was issued, so nothing was granted.",
    }
}

/// What to say about words that are no scopes: a sentence for each of a few.
pub(crate) fn ignored(findings: &[ScopeFinding]) -> Vec<String> {
    let mut sentences: Vec<String> = findings.iter().take(FEW).map(ToString::to_string).collect();
    match findings.len().saturating_sub(FEW) {
        0 => {}
        1 => sentences.push("1 more word of `scope` is ignored.".to_owned()),
        more => sentences.push(format!("{more} more words of `scope` are ignored.")),
    }
    sentences
}

/// What to say about an error answer at the redirect URI.
pub(crate) fn refused(error: &OAuthError) -> Words {
    let (headline, advice) = match error.error.as_str() {
        "access_denied" => (
            "Sign-in was cancelled.",
            "Nothing is broken. Run again and sign in to go on.",
        ),
        "login_required"
        | "interaction_required"
        | "account_selection_required"
        | "consent_required" => (
            "The provider had to ask, and was not allowed to.",
            "`prompt=none` forbids every question. Leave `prompt` out, or choose a person: then \
             somebody is signed in.",
        ),
        "invalid_scope" => (
            "The provider refused the scope.",
            "A login asks for `openid`, and scopes are separated by single spaces.",
        ),
        "unauthorized_client" => (
            "This client may not ask.",
            "Choose a client that is registered for signing people in.",
        ),
        "unsupported_response_type" => (
            "The response type is not allowed.",
            "The client's login policy lists what it allows in `allowedResponseTypes`.",
        ),
        "request_not_supported" | "request_uri_not_supported" => (
            "The provider takes no request object.",
            "Send plain parameters in place of `request` and `request_uri`.",
        ),
        "server_error" | "temporarily_unavailable" => (
            "The provider could not answer.",
            "The request may be fine. Run again in a moment.",
        ),
        "invalid_request" if names_pkce(error) => (
            "The provider refused the request.",
            "Tick PKCE and run again.",
        ),
        "invalid_request" => (
            "The provider refused the request.",
            "A parameter is missing, malformed or there twice. The answer names it.",
        ),
        _ => {
            return Words {
                id: "refused.other".to_owned(),
                headline: "The provider refused the request.".to_owned(),
                detail: refusal(error, "The code is none the specifications name."),
            };
        }
    };
    Words {
        id: format!("refused.{}", error.error.replace('_', "-")),
        headline: headline.to_owned(),
        detail: refusal(error, advice),
    }
}

fn refusal(error: &OAuthError, advice: &str) -> String {
    joined([
        format!("The provider answered {}", answer(error)),
        "No code and no token was issued.".to_owned(),
        advice.to_owned(),
    ])
}

/// Whether the provider misses a code challenge.
fn names_pkce(error: &OAuthError) -> bool {
    description(error).is_some_and(|text| text.contains("code_challenge") || text.contains("PKCE"))
}

/// `code`: “description”.
fn answer(error: &OAuthError) -> String {
    match description(error) {
        Some(text) => format!("{}: {}", code(&error.error), quoted(text)),
        None => format!("{}.", code(&error.error)),
    }
}

fn description(error: &OAuthError) -> Option<&str> {
    let text = error.error_description.as_deref()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The end of a sentence, in somebody else's words.
fn quoted(text: &str) -> String {
    let stop = if text.ends_with(STOPS) { "" } else { "." };
    format!("“{text}”{stop}")
}

/// What to say about a step that failed.
pub(crate) fn failed(step: Step, message: &str, error: Option<&OAuthError>, advice: &str) -> Words {
    let (id, headline) = match step {
        Step::Discovery => ("discovery", "Discovery failed."),
        Step::Authorize => ("authorize", "The authorization request failed."),
        Step::Callback => ("callback", "The callback failed."),
        Step::Token => ("token", "The token request failed."),
        Step::Jwks => ("jwks", "Fetching the signing keys failed."),
        Step::UserInfo => ("userinfo", "The userinfo request failed."),
        Step::AdminToken => (
            "admin-token",
            "The request for an administrative token failed.",
        ),
        Step::ConfigRead => ("config-read", "Reading the token policy failed."),
        Step::ConfigWrite => ("config-write", "Writing the token policy failed."),
    };
    // The message often names the code already.
    let answer = match error {
        Some(error) if !message.contains(&error.error) => {
            format!("The answer was {}", answer(error))
        }
        Some(error) => description(error)
            .filter(|text| !message.contains(text))
            .map(|text| format!("The description is {}", quoted(text)))
            .unwrap_or_default(),
        None => String::new(),
    };
    Words {
        id: format!("failed.{id}"),
        headline: headline.to_owned(),
        detail: joined([sentence(message), answer, sentence(advice)]),
    }
}

/// What to say about an ID token that did not pass.
pub(crate) fn checks_failed(checks: &[&Check]) -> Words {
    let titles: Vec<&str> = checks.iter().map(|check| check.name.title()).collect();
    Words {
        id: CHECK_FAILED.to_owned(),
        headline: format!("The ID token did not pass: {}.", anded(&titles)),
        detail: joined(
            checks
                .iter()
                .map(|check| sentence(&check.detail))
                .chain(["What the token says is not to be believed.".to_owned()]),
        ),
    }
}

/// How a run ended, to be told from another end.
pub(crate) fn ended(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Completed => "completed".to_owned(),
        Outcome::Refused(error) => format!("refused with {}", code(&error.error)),
        Outcome::Failed { step, .. } => format!("failed at {}", step_name(*step)),
    }
}

/// What changed from one run to the next, a sentence each.
pub(crate) fn differences(difference: &Difference) -> Vec<String> {
    if difference.is_empty() {
        return vec!["Nothing: the same request, the same scopes, the same claims.".to_owned()];
    }
    let all = |label: &str, names: Vec<String>| {
        (!names.is_empty()).then(|| format!("{label}: {}.", names.join(", ")))
    };
    let scopes = |label, scope: &Scope| all(label, scope.iter().map(code).collect());
    let texts = |label, names: &[String]| all(label, names.iter().map(code).collect());
    let instead = |label: &str, changed: &Option<Changed>| {
        let Changed { before, now } = changed.as_ref()?;
        Some(if before == now {
            format!("{label}: {now} again, for another reason.")
        } else {
            format!("{label}: {} instead of {}.", named(now), named(before))
        })
    };
    [
        scopes("Asked for now", &difference.asked_gained),
        scopes("No longer asked for", &difference.asked_lost),
        texts("Sent now", &difference.sent_gained),
        texts("No longer sent", &difference.sent_lost),
        instead("Client", &difference.client),
        instead("Signed in", &difference.person),
        instead("Ended", &difference.outcome),
        scopes("Granted now", &difference.scopes_gained),
        scopes("No longer granted", &difference.scopes_lost),
        texts("Claims that came", &difference.claims_gained),
        texts("Claims that are gone", &difference.claims_lost),
        texts("Claims with another value", &difference.claims_changed),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn named(name: &str) -> &str {
    if name.is_empty() { "nobody" } else { name }
}

const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Discovery => "discovery",
        Step::Authorize => "the authorization request",
        Step::Callback => "the callback",
        Step::Token => "the token request",
        Step::Jwks => "fetching the signing keys",
        Step::UserInfo => "the userinfo request",
        Step::AdminToken => "the request for an administrative token",
        Step::ConfigRead => "reading the token policy",
        Step::ConfigWrite => "writing the token policy",
    }
}

/// What a person has not when a scope's claims have no value.
fn noun(scope: &ScopeToken) -> String {
    match StandardScope::parse(scope.as_str()) {
        Some(StandardScope::OpenId) => "identifier".to_owned(),
        Some(StandardScope::Profile) => "profile data".to_owned(),
        Some(StandardScope::Email) => "e-mail address".to_owned(),
        Some(StandardScope::Address) => "address".to_owned(),
        Some(StandardScope::Phone) => "phone number".to_owned(),
        None => format!("value for {scope}"),
    }
}

/// What may have been meant by a scope that the provider does not know.
fn hint(scope: &ScopeToken) -> Option<String> {
    let lower = scope.as_str().to_ascii_lowercase();
    if let Some(meant) = StandardScope::parse(&lower) {
        Some(format!(
            "Scopes are case-sensitive: the provider knows `{}`.",
            meant.as_str()
        ))
    } else if AdminScope::parse(scope.as_str()).is_some() {
        Some(format!(
            "`{scope}` is an administrative scope, for the tokens of `client_credentials`."
        ))
    } else if scope.is_comma_list() {
        Some(COMMAS.to_owned())
    } else {
        let brings = StandardScope::ALL
            .into_iter()
            .find(|standard| standard.claims().contains(&scope.as_str()))?;
        Some(format!(
            "`{scope}` is a claim: the scope that brings it is `{}`.",
            brings.as_str()
        ))
    }
}

/// The verb and the pronoun for so many things.
const fn number(count: usize) -> (&'static str, &'static str) {
    if count == 1 {
        ("was", "it")
    } else {
        ("were", "them")
    }
}

/// The name in backticks. One of its own would end the code early.
fn code(name: impl Display) -> String {
    format!("`{}`", name.to_string().replace('`', "U+0060"))
}

/// `a`, `b` and `c`, in backticks.
pub(crate) fn list(names: &[impl Display]) -> String {
    let names: Vec<String> = names.iter().map(code).collect();
    anded(&names)
}

fn plain_list(names: &[&ScopeToken]) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    anded(&names)
}

/// a, b and c; of more than a few the first ones, and how many more there are.
fn anded(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match &words[..] {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] if words.len() <= FEW => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", words[..FEW].join(", "), words.len() - FEW),
    }
}

/// What ends a sentence.
const STOPS: [char; 4] = ['.', '?', '!', '…'];

/// The text with a capital first and a full stop last; a name as it stands on
/// the wire keeps its first letter. ASCII only: the tables of all capitals would
/// weigh more than everything else here in WebAssembly.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let stop = if text.ends_with(STOPS) { "" } else { "." };
    let word = text.split([' ', ':']).next().unwrap_or_default();
    if word == OPENID || word.contains('_') {
        format!("{text}{stop}")
    } else {
        format!("{}{}{stop}", first.to_ascii_uppercase(), chars.as_str())
    }
}

/// The sentences that are there, with spaces between.
pub(crate) fn joined(sentences: impl IntoIterator<Item = String>) -> String {
    let sentences: Vec<String> = sentences
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect();
    sentences.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{failed, hint, how_learnt, list, refused, sentence};
    use crate::evidence::HowLearnt;
    use oidc::{
        error::{ErrorCode, OAuthError},
        exchange::Step,
        scope::ScopeToken,
    };

    #[test]
    fn lists_read_like_english() {
        for (names, expected) in [
            (&[][..], ""),
            (&["a"], "`a`"),
            (&["a", "b"], "`a` and `b`"),
            (&["a", "b", "c"], "`a`, `b` and `c`"),
            (&["a", "b", "c", "d"], "`a`, `b`, `c` and 1 more"),
            (&["a", "b", "c", "d", "e"], "`a`, `b`, `c` and 2 more"),
            (&["a`b"], "`aU+0060b`"),
        ] {
            assert_eq!(list(names), expected);
        }
    }

    #[test]
    fn a_sentence_has_a_capital_and_a_full_stop() {
        for (text, expected) in [
            ("", ""),
            (" over ", "Over."),
            ("Really?", "Really?"),
            ("`a` went.", "`a` went."),
            ("so: über", "So: über."),
            ("openid was granted", "openid was granted."),
            ("code_challenge: missing", "code_challenge: missing."),
        ] {
            assert_eq!(sentence(text), expected);
        }
    }

    #[test]
    fn a_slip_is_answered_with_what_may_have_been_meant() {
        for (scope, expected) in [
            (
                "Address",
                Some("Scopes are case-sensitive: the provider knows `address`."),
            ),
            (
                "*:**",
                Some("`*:**` is an administrative scope, for the tokens of `client_credentials`."),
            ),
            (
                "given_name",
                Some("`given_name` is a claim: the scope that brings it is `profile`."),
            ),
            (
                "email,phone",
                Some("Scopes are separated by spaces, not commas."),
            ),
            ("shoe_size", None),
        ] {
            let scope = ScopeToken::new(scope).unwrap();
            assert_eq!(hint(&scope).as_deref(), expected);
        }
    }

    #[test]
    fn every_refusal_is_told_with_its_code_and_its_description() {
        for (code, id, headline) in [
            (
                ErrorCode::AccessDenied,
                "refused.access-denied",
                "Sign-in was cancelled.",
            ),
            (
                ErrorCode::LoginRequired,
                "refused.login-required",
                "The provider had to ask, and was not allowed to.",
            ),
            (
                ErrorCode::InvalidScope,
                "refused.invalid-scope",
                "The provider refused the scope.",
            ),
            (
                ErrorCode::InvalidRequest,
                "refused.invalid-request",
                "The provider refused the request.",
            ),
            (
                ErrorCode::UnauthorizedClient,
                "refused.unauthorized-client",
                "This client may not ask.",
            ),
            (
                ErrorCode::UnsupportedResponseType,
                "refused.unsupported-response-type",
                "The response type is not allowed.",
            ),
            (
                ErrorCode::RequestNotSupported,
                "refused.request-not-supported",
                "The provider takes no request object.",
            ),
            (
                ErrorCode::ServerError,
                "refused.server-error",
                "The provider could not answer.",
            ),
            (
                ErrorCode::InvalidToken,
                "refused.other",
                "The provider refused the request.",
            ),
        ] {
            let words = refused(&OAuthError::new(code, "so it is"));
            assert_eq!((words.id.as_str(), words.headline.as_str()), (id, headline));
            let answer = format!(
                "The provider answered `{code}`: “so it is”. No code and no token was issued."
            );
            assert!(words.detail.starts_with(&answer), "{}", words.detail);
        }
        let silent = OAuthError {
            error: "odd".to_owned(),
            error_description: None,
        };
        assert!(
            refused(&silent)
                .detail
                .starts_with("The provider answered `odd`. No code")
        );
    }

    #[test]
    fn every_failed_step_is_told_with_its_cause_and_its_cure() {
        let error = OAuthError::new(ErrorCode::InvalidGrant, "code expired");
        for step in Step::ALL {
            let words = failed(step, "it went wrong", Some(&error), "try again");
            assert!(words.id.starts_with("failed."), "{step:?}");
            assert!(words.headline.ends_with(" failed."), "{step:?}");
            assert_eq!(
                words.detail,
                "It went wrong. The answer was `invalid_grant`: “code expired”. Try again."
            );
        }
        let told = failed(Step::Token, "it said invalid_grant", Some(&error), "");
        assert_eq!(
            told.detail,
            "It said invalid_grant. The description is “code expired”."
        );
        let twice = failed(Step::Token, "invalid_grant: code expired", Some(&error), "");
        assert_eq!(twice.detail, "invalid_grant: code expired.");
    }

    #[test]
    fn a_missing_code_challenge_is_mended_with_one_tick() {
        for (description, advice) in [
            (
                "code_challenge is missing: a public client must use PKCE",
                "Tick PKCE and run again.",
            ),
            (
                "prompt has a value that is not supported",
                "A parameter is missing, malformed or there twice. The answer names it.",
            ),
        ] {
            let words = refused(&OAuthError::new(ErrorCode::InvalidRequest, description));
            assert_eq!(
                words.detail,
                format!(
                    "The provider answered `invalid_request`: “{description}”. No code and no \
                     token was issued. {advice}"
                )
            );
        }
    }

    #[test]
    fn who_may_not_be_asked_has_to_be_chosen() {
        let words = refused(&OAuthError::new(
            ErrorCode::LoginRequired,
            "Nobody is there.",
        ));
        assert_eq!(
            words.detail,
            "The provider answered `login_required`: “Nobody is there.” No code and no token was \
             issued. `prompt=none` forbids every question. Leave `prompt` out, or choose a person: \
             then somebody is signed in."
        );
    }

    #[test]
    fn each_way_to_learn_the_scope_has_words_of_its_own() {
        let [said, silent, nothing] = [
            HowLearnt::TokenResponse,
            HowLearnt::NotSaid,
            HowLearnt::NothingIssued,
        ]
        .map(how_learnt);
        assert!(said.contains("what `scope` in the token response says"));
        assert!(silent.ends_with("(RFC 6749, section 5.1)."), "{silent}");
        assert_eq!(nothing, "No token was issued, so nothing was granted.");
    }
}
