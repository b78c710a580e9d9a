//! Words for the scopes of a run: those that came through and those that stopped.

use super::{
    FIXED, LET_THROUGH, Words,
    prose::{FEW, anded, joined, list, number, plain_list, sentence},
    slips::hint,
};
use crate::{
    evidence::HowLearnt,
    funnel::{FirstStop, FunnelRow},
};
use oidc::scope::ScopeToken;
use policy::release::StandardScope;

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

#[cfg(test)]
mod tests {
    use super::how_learnt;
    use crate::evidence::HowLearnt;

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
