//! A token that was asked for: what came, scope by scope and in one sentence.

use super::{gloss, slips::code};
use crate::verdict::{Tone, Verdict};
use oidc::{
    exchange::RecordedExchange,
    scope::{Scope, ScopeToken},
    time::UnixTime,
};
use policy::{
    admin_scope::{Action, AdminScope},
    grant::grant_administrative,
    token_policy::TokenPolicy,
};
use serde::{Deserialize, Serialize};

/// A token that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminToken {
    /// The id of the configuration client.
    pub client: String,
    /// What people call it.
    pub client_name: String,
    /// Its token policy, as it was then.
    pub policy: TokenPolicy,
    /// The words of the `scope` parameter, in order, each once.
    pub requested: Vec<String>,
    /// What came.
    pub answer: TokenAnswer,
    /// The request and its answer.
    pub exchanges: Vec<RecordedExchange>,
}

/// What the token endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenAnswer {
    /// A token.
    Issued {
        /// The token. A secret.
        access_token: String,
        /// What it carries: empty when the answer names none.
        scope: Scope,
        /// The first moment it no longer counts.
        expires_at: UnixTime,
    },
    /// None, and why.
    Refused {
        /// What happened, in a sentence.
        message: String,
        /// What to do about it.
        advice: String,
    },
}

/// What has become of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenState {
    /// It counts.
    Live,
    /// Its time has run out.
    Expired,
    /// It was taken back.
    Revoked,
    /// The provider does not know it: its client was deleted.
    Gone,
}

impl AdminToken {
    /// What the token carries; nothing when there is none.
    #[must_use]
    pub fn granted(&self) -> Scope {
        match &self.answer {
            TokenAnswer::Issued { scope, .. } => scope.clone(),
            TokenAnswer::Refused { .. } => Scope::default(),
        }
    }
}

/// A scope that was asked for, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    /// As it was sent.
    pub word: String,
    /// Whether it is in the token.
    pub granted: bool,
    /// What it allows, or why it was dropped. Text in backquotes is code.
    pub note: String,
    /// Whether what it allows rests on our reading of its sign.
    pub our_reading: bool,
}

/// Scope by scope what will be granted, by the code that grants.
#[must_use]
pub fn predicted(words: &[String], policy: &TokenPolicy) -> Vec<ScopeRow> {
    let scope = grant_administrative(&requested(words), policy).scope;
    compared(words, policy, &scope)
}

/// Scope by scope what was granted.
#[must_use]
pub fn rows(token: &AdminToken) -> Vec<ScopeRow> {
    compared(&token.requested, &token.policy, &token.granted())
}

fn requested(words: &[String]) -> Scope {
    Scope::parse(&words.join(" ")).scope
}

fn compared(words: &[String], policy: &TokenPolicy, granted: &Scope) -> Vec<ScopeRow> {
    words
        .iter()
        .map(|word| {
            let granted = granted.contains(word);
            ScopeRow {
                word: word.clone(),
                granted,
                note: if granted {
                    allows(word)
                } else {
                    why_dropped(word, policy)
                },
                our_reading: gloss::is_our_reading(word),
            }
        })
        .collect()
}

fn allows(word: &str) -> String {
    gloss::gloss(word).map_or_else(
        || "In the token, and allows no call: it is not of the form `action:path`.".to_owned(),
        |words| format!("Allows {words}."),
    )
}

fn why_dropped(word: &str, policy: &TokenPolicy) -> String {
    let title = &policy.title;
    if ScopeToken::new(word).is_err() {
        return "No scope by the rules of RFC 6749 (section 3.3), so it was ignored.".to_owned();
    }
    if policy.allowed_scopes.contains(word) {
        return format!("Token policy “{title}” lists it, and still it was not granted.");
    }
    let wider = policy.allowed_scopes.iter().find(|own| covers(own, word));
    match wider {
        Some(wider) => format!(
            "Not in `allowedScopes` of token policy “{title}”, so it is dropped without an error. That `{wider}` is listed does not help: scopes are compared letter by letter."
        ),
        None => format!(
            "Not in `allowedScopes` of token policy “{title}”, so it is dropped without an error."
        ),
    }
}

/// Whether one scope allows all that another does, as far as that can be told
/// from the other's path: for one without wildcards, or everything.
fn covers(wide: &ScopeToken, narrow: &str) -> bool {
    let (Some(wide), Some(other)) = (AdminScope::parse(wide.as_str()), AdminScope::parse(narrow))
    else {
        return false;
    };
    let path = narrow.split_once(':').map_or("", |(_, path)| path);
    let methods = ["GET", "POST", "PUT", "DELETE"];
    let mut covered = methods
        .iter()
        .filter(|method| other.action().covers(method));
    covered.all(|method| wide.allows(method, path))
}

/// The body of the request, as a form is encoded.
/// [RFC 6749 section 4.4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2)
#[must_use]
pub fn request_body(words: &[String]) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("grant_type", "client_credentials".to_owned())];
    if !words.is_empty() {
        pairs.push(("scope", words.join(" ")));
    }
    pairs
}

/// What will come, in one sentence and a few more.
#[must_use]
pub fn forecast(words: &[String], policy: &TokenPolicy) -> Verdict {
    let granted = grant_administrative(&requested(words), policy).scope;
    about(words, policy, &granted, When::Before)
}

/// What came and what it is good for, in one sentence and a few more.
#[must_use]
pub fn verdict(token: &AdminToken, state: TokenState) -> Verdict {
    let TokenAnswer::Issued { scope, .. } = &token.answer else {
        return refused(&token.answer);
    };
    match state {
        TokenState::Live => about(&token.requested, &token.policy, scope, When::After),
        TokenState::Expired => dead(
            "expired",
            "This token has expired: every call is refused.",
            "It was good for as long as the token policy says, an hour at most, and there is no refresh token for it.",
        ),
        TokenState::Revoked => dead(
            "revoked",
            "This token is revoked: every call is refused.",
            "Its client took it back (RFC 7009), and that cannot be undone.",
        ),
        TokenState::Gone => dead(
            "gone",
            "This token is gone with its client: every call is refused.",
            "Its configuration client was deleted or put back, and every token it was given went with it.",
        ),
    }
}

fn refused(answer: &TokenAnswer) -> Verdict {
    let detail = match answer {
        TokenAnswer::Refused { message, advice } => format!("{message} {advice}"),
        TokenAnswer::Issued { .. } => String::new(),
    };
    said("refused", Tone::Failed, "No token was issued.", detail)
}

fn dead(id: &str, headline: &str, why: &str) -> Verdict {
    let detail = format!(
        "{why} The API answers 403 with `{{\"errors\":\"Forbidden\"}}`, the same as when a scope is missing. By RFC 6750 (section 3.1) it would be 401 with `invalid_token`, and one could tell the two apart. Introspection says `\"active\": false`. Ask for another token."
    );
    said(id, Tone::Failed, headline, detail)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    After,
}

fn about(words: &[String], policy: &TokenPolicy, granted: &Scope, when: When) -> Verdict {
    let (token, will) = match when {
        When::Before => ("The token", "will be "),
        When::After => ("This token", "was "),
    };
    let dropped: Vec<&String> = words
        .iter()
        .filter(|word| !granted.contains(word))
        .collect();
    let title = &policy.title;
    let rights: Vec<AdminScope> = granted
        .iter()
        .filter_map(|scope| AdminScope::parse(scope.as_str()))
        .collect();
    if granted.is_empty() {
        let headline = match when {
            When::Before => "The token will have no scope: valid, and good for nothing.",
            When::After => "This token has no scope: it is valid and can do nothing.",
        };
        return said(
            "no-scope",
            Tone::Dropped,
            headline,
            without_scope(&dropped, title, will),
        );
    }
    if rights.is_empty() {
        let headline = format!("{token} can do nothing: {granted} allows no call.");
        let detail = "What it carries is not of the form `action:path`. It is valid, introspects as active, and every call is refused.";
        return said("no-right", Tone::Dropped, &headline, detail.to_owned());
    }
    let rest = match dropped.len() {
        0 => String::new(),
        _ => format!(
            " {} {will}dropped without an error: not in `allowedScopes` of token policy “{title}”.",
            listed(&dropped)
        ),
    };
    let tone = if dropped.is_empty() {
        Tone::LetThrough
    } else {
        Tone::Dropped
    };
    if rights.iter().all(|scope| scope.action() == Action::Read) {
        let headline = format!("{token} can only read.");
        let detail = format!(
            "It carries {}: GET and nothing else. A call that changes something, such as creating a login policy, is refused with 403 Forbidden.{rest}",
            carried(granted)
        );
        return said("read-only", tone, &headline, detail);
    }
    let headline = match (dropped.as_slice(), when) {
        ([], _) if granted.contains("*:**") => format!("{token} may do everything."),
        ([], When::Before) => "The token will carry all that is asked for.".to_owned(),
        ([], When::After) => "This token carries all that was asked for.".to_owned(),
        ([one], _) => format!("{one} {will}dropped."),
        (many, _) => format!(
            "{} scopes {}dropped.",
            many.len(),
            if when == When::Before {
                "will be "
            } else {
                "were "
            }
        ),
    };
    let detail = format!(
        "It carries {}. The table below says which calls that allows.{rest}",
        carried(granted)
    );
    said("granted", tone, &headline, detail)
}

fn without_scope(dropped: &[&String], title: &str, will: &str) -> String {
    let why = if dropped.is_empty() {
        "No scope was asked for.".to_owned()
    } else {
        format!(
            "{} {will}dropped without an error, because `allowedScopes` of token policy “{title}” does not list {}.",
            listed(dropped),
            if dropped.len() == 1 { "it" } else { "them" }
        )
    };
    format!(
        "{why} Every call is refused with 403 Forbidden, and yet the token introspects as active. The answer of the token endpoint has no `scope`: that is the one sign."
    )
}

fn carried(granted: &Scope) -> String {
    listed(
        &granted
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .iter()
            .collect::<Vec<_>>(),
    )
}

/// `a`, `b` and `c`; of many the first few.
fn listed(words: &[&String]) -> String {
    const FEW: usize = 5;
    let mut shown: Vec<String> = words.iter().take(FEW).map(|word| code(word)).collect();
    let more = words.len().saturating_sub(FEW);
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn said(id: &str, tone: Tone, headline: &str, detail: String) -> Verdict {
    Verdict {
        id: format!("admin.{id}"),
        tone,
        headline: headline.to_owned(),
        detail,
        missing: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
