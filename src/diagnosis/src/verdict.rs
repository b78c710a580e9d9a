//! The run in one headline.

use crate::{
    catalog::{self, OPENID_DROPPED, Subject, When, Words},
    evidence::{Outcome, Run},
    funnel::{FirstStop, FunnelRow, funnel},
};
use oidc::scope::{OPENID, Scope, ScopeFinding, ScopeToken};
use serde::{Deserialize, Serialize};

mod forecast;

pub use forecast::{Outlook, claims_remarks, forecast, remarks};

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
mod tests;
