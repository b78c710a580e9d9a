//! What the server has acknowledged, and whether it still knows.

use crate::{
    check,
    failure::Failure,
    http_client::{Address, Answer, Connection},
    login::bearer,
    profile::Login,
    target::Target,
};
use anyhow::{Context as _, ensure};
use form_urlencoded::Serializer;
use http::{HeaderMap, StatusCode};
use std::{fmt, ops::AddAssign};

/// What one round brought.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    exchanges: Vec<Exchange>,
    rotations: Vec<Rotation>,
    /// Forms of exchanges and refreshes that were sent and not answered.
    unanswered: Vec<String>,
    pub(super) counts: Counts,
    /// What was wrong before the server was killed.
    pub(super) wrong: Vec<Failure>,
}

/// A code that was exchanged.
#[derive(Debug)]
pub(super) struct Exchange {
    /// The request that did it.
    pub(super) form: String,
    pub(super) access: String,
    pub(super) state: State,
}

/// What an access token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Counts,
    Revoked,
    /// Its revocation was not answered.
    Unknown,
}

/// A refresh token that was exchanged.
#[derive(Debug)]
pub(super) struct Rotation {
    /// The request that did it.
    pub(super) old: String,
    /// The one that does it next.
    pub(super) new: String,
    pub(super) access: String,
}

/// How much was acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    exchanges: usize,
    rotations: usize,
    revocations: usize,
    pub(super) edits: u64,
    unanswered: usize,
}

impl Counts {
    /// Fails when something was never done, so that nothing about it is known.
    pub(super) fn prove_something(&self) -> anyhow::Result<()> {
        let done = self.exchanges > 0 && self.rotations > 0 && self.revocations > 0;
        ensure!(
            done && self.edits > 0,
            "Too little was done: this proves nothing."
        );
        Ok(())
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.rotations += other.rotations;
        self.revocations += other.revocations;
        self.edits += other.edits;
        self.unanswered += other.unanswered;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} exchanges, {} rotations, {} revocations, {} edits acknowledged, {} unanswered",
            self.exchanges, self.rotations, self.revocations, self.edits, self.unanswered
        )
    }
}

impl Ledger {
    pub(super) fn exchanged(&mut self, exchange: Exchange) {
        self.counts.exchanges += 1;
        self.counts.revocations += usize::from(exchange.state == State::Revoked);
        self.exchanges.push(exchange);
    }

    pub(super) fn rotated(&mut self, rotation: Rotation) {
        self.counts.rotations += 1;
        self.rotations.push(rotation);
    }

    /// A code or a refresh token that may have been used, or not.
    pub(super) fn unanswered(&mut self, form: String) {
        self.counts.unanswered += 1;
        self.unanswered.push(form);
    }

    pub(super) fn add(&mut self, other: Self) {
        self.exchanges.extend(other.exchanges);
        self.rotations.extend(other.rotations);
        self.unanswered.extend(other.unanswered);
        self.counts += other.counts;
        self.wrong.extend(other.wrong);
    }

    /// Everything that is wrong, before the kill and now.
    pub(super) async fn verify(&self, target: &Target) -> anyhow::Result<Vec<Failure>> {
        let mut auditor = Auditor::new(target, self.wrong.clone())?;
        // First what only looks: the rest ends tokens.
        self.tokens_are_as_told(&mut auditor).await?;
        for form in &self.unanswered {
            auditor.usable_once_at_most(form).await?;
        }
        for rotation in &self.rotations {
            auditor.must_be_good(&rotation.new).await?;
            auditor.must_be_used_up(&rotation.old).await?;
        }
        for exchange in &self.exchanges {
            auditor.must_be_used_up(&exchange.form).await?;
            // A code that is sent again ends what came of it.
            // RFC 6749 section 4.1.2
            let token = &exchange.access;
            auditor
                .must_be(token, false, "a replayed code left its token")
                .await?;
        }
        Ok(auditor.wrong)
    }

    async fn tokens_are_as_told(&self, auditor: &mut Auditor) -> Result<(), Failure> {
        for exchange in &self.exchanges {
            let (good, mistake) = match exchange.state {
                State::Counts => (true, "an exchange was lost"),
                State::Revoked => (false, "a revocation was lost"),
                State::Unknown => continue,
            };
            auditor.must_be(&exchange.access, good, mistake).await?;
        }
        for rotation in &self.rotations {
            let token = &rotation.access;
            auditor.must_be(token, true, "a rotation was lost").await?;
        }
        Ok(())
    }
}

/// The form that exchanges a refresh token.
/// [RFC 6749 section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6)
pub(super) fn refresh(login: &Login, token: &str) -> String {
    Serializer::new(String::new())
        .append_pair("grant_type", "refresh_token")
        .append_pair("client_id", &login.client_id)
        .append_pair("refresh_token", token)
        .finish()
}

/// Asks the server what it still knows. Its errors are that it does not answer.
struct Auditor {
    connection: Connection,
    token: Address,
    userinfo: Address,
    wrong: Vec<Failure>,
}

impl Auditor {
    fn new(target: &Target, wrong: Vec<Failure>) -> anyhow::Result<Self> {
        Ok(Self {
            connection: target.connection(),
            token: target.token.clone(),
            userinfo: target.userinfo.clone().context("there is no userinfo")?,
            wrong,
        })
    }

    /// Whether an access token counts must be so, or it is that mistake.
    async fn must_be(&mut self, token: &str, good: bool, mistake: &str) -> Result<(), Failure> {
        let headers = bearer(token)?;
        let status = self.connection.get(&self.userinfo, &headers).await?.status;
        let expected = if good {
            StatusCode::OK
        } else {
            StatusCode::UNAUTHORIZED
        };
        self.expect(status == expected, mistake);
        Ok(())
    }

    async fn must_be_good(&mut self, form: &str) -> Result<(), Failure> {
        let answer = self.grant(form).await?;
        self.expect(
            check::tokens(&answer).is_ok(),
            "the refresh token of a rotation was lost",
        );
        Ok(())
    }

    async fn must_be_used_up(&mut self, form: &str) -> Result<(), Failure> {
        let answer = self.grant(form).await?;
        self.expect(
            check::is_refused_grant(&answer),
            "a code or refresh token was usable twice",
        );
        Ok(())
    }

    async fn usable_once_at_most(&mut self, form: &str) -> Result<(), Failure> {
        let first = self.grant(form).await?;
        self.expect(
            check::tokens(&first).is_ok() || check::is_refused_grant(&first),
            "what was under way was answered oddly",
        );
        self.must_be_used_up(form).await
    }

    async fn grant(&mut self, form: &str) -> Result<Answer, Failure> {
        self.connection
            .post(&self.token, &HeaderMap::new(), form.to_owned())
            .await
    }

    fn expect(&mut self, right: bool, mistake: &str) {
        if !right {
            self.wrong.push(Failure::new(mistake));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{self, Lie};

    /// What a server is told off for that takes every token and any refresh
    /// token.
    #[tokio::test]
    async fn a_server_that_lets_everything_count_is_found_out() {
        let target = Target::find(stub::start(Lie::Nothing).await).await.unwrap();
        let login = target.profile.login.clone().unwrap();
        let mut ledger = Ledger::default();
        let exchange = |state| Exchange {
            form: refresh(&login, "code"),
            access: "access".to_owned(),
            state,
        };
        ledger.exchanged(exchange(State::Revoked));
        ledger.exchanged(exchange(State::Unknown));
        ledger.rotated(Rotation {
            old: refresh(&login, "old"),
            new: refresh(&login, "new"),
            access: "access".to_owned(),
        });
        ledger.unanswered(refresh(&login, "unanswered"));
        ledger.wrong.push(Failure::new("seen before"));

        let wrong = ledger.verify(&target).await.unwrap();
        let count = |mistake: &str| wrong.iter().filter(|wrong| wrong.0 == mistake).count();
        assert_eq!(count("seen before"), 1);
        assert_eq!(count("a revocation was lost"), 1);
        assert_eq!(count("a code or refresh token was usable twice"), 4);
        assert_eq!(count("a replayed code left its token"), 2);
        assert_eq!(wrong.len(), 8);
    }

    #[test]
    fn a_run_in_which_something_was_never_done_proves_nothing() {
        let mut counts = Counts {
            exchanges: 1,
            rotations: 1,
            revocations: 1,
            edits: 1,
            unanswered: 0,
        };
        assert!(counts.prove_something().is_ok());
        counts.revocations = 0;
        assert!(counts.prove_something().is_err());
    }
}
