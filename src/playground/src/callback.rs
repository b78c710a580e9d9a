//! The browser comes back.

use crate::{
    Playground, PlaygroundError,
    begin::{PendingRun, micros},
};
use diagnosis::evidence::{ClientView, HowLearnt, Outcome, PersonView, Run};
use oidc::{
    authorization::{AuthorizationRequest, append_query},
    error::OAuthError,
    exchange::{CapturedRequest, HttpExchange, RecordedExchange, Step},
    scope::{OPENID, Scope},
    token::TokenResponse,
};
use policy::{client::Client, profile::Person};
use provider::sandbox::SandboxKey;
use relying_party::{
    failure::Failure,
    flow::{Beside, CodeFlow, Completion},
};
use std::{collections::HashSet, time::Instant};
use store::{RunStatus, StoredRun};

/// Why an answer at the redirect URI belongs to no run that waits for it.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// No `state` came back.
    #[error("The answer has no state, so that it cannot be told which request it answers.")]
    StateMissing,
    /// No run of this sandbox ever had this `state`.
    #[error("No request of this sandbox was sent with this state. The answer may be forged.")]
    StateUnknown,
    /// The run with this `state` has its answer already.
    #[error("This answer was used before. A code works once.")]
    AlreadyUsed {
        /// The run.
        run: String,
    },
    /// The run with this `state` waited for too long.
    #[error("The run that this answer belongs to has expired.")]
    Expired,
    /// A parameter stands there more than once.
    /// [RFC 6749 section 3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)
    #[error("The parameter {0} is there more than once.")]
    Repeated(String),
    /// The answer comes from another issuer than the one asked.
    /// [RFC 9207 section 2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4)
    #[error("The answer is not from the issuer that was asked, {expected}.")]
    IssuerMismatch {
        /// The issuer that was asked.
        expected: String,
        /// The `iss` of the answer, if it has one.
        found: Option<String>,
    },
    /// Neither a code nor an error came back.
    #[error("The answer has neither a code nor an error.")]
    CodeMissing,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

/// The way an answer took.
/// [Multiple Response Types section 2.1](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In the query of the redirect URI.
    Query,
    /// In a form, posted to the redirect URI.
    Form,
}

/// The parameters of an answer, each there once.
/// [RFC 6749 section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)
struct Answer {
    pairs: Vec<(String, String)>,
}

impl Answer {
    fn read(pairs: Vec<(String, String)>) -> Result<Self, CallbackError> {
        let mut seen = HashSet::new();
        match pairs.iter().find(|(name, _)| !seen.insert(name.as_str())) {
            Some((name, _)) => Err(CallbackError::Repeated(name.clone())),
            None => Ok(Self { pairs }),
        }
    }

    /// A parameter; one without a value counts as absent.
    fn get(&self, wanted: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(name, value)| name == wanted && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// How the browser came back with it.
    fn visit(&self, redirect_uri: &str, way: Way) -> RecordedExchange {
        let pairs = self
            .pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        match way {
            Way::Query => visit(Step::Callback, &append_query(redirect_uri, pairs)),
            Way::Form => {
                let mut visit = visit(Step::Callback, redirect_uri);
                let request = &mut visit.exchange.request;
                "POST".clone_into(&mut request.method);
                let kind = ("content-type", "application/x-www-form-urlencoded");
                request.headers = vec![(kind.0.to_owned(), kind.1.to_owned())];
                append_query("", pairs)
                    .trim_start_matches('?')
                    .clone_into(&mut request.body);
                visit
            }
        }
    }
}

impl Playground {
    /// Finishes the run that the answer at the redirect URI belongs to, and
    /// returns the run's id. `pairs` is the decoded query or form.
    ///
    /// An error answer finishes the run too: that is what came of it.
    ///
    /// Once begun, it goes on also when nobody waits for it any more. A browser
    /// that reloads meanwhile would otherwise leave a code behind that is used
    /// up, and a run that still waits for it.
    ///
    /// # Errors
    /// When no run waits for this answer.
    pub async fn callback(
        &self,
        key: &SandboxKey,
        pairs: Vec<(String, String)>,
        way: Way,
    ) -> Result<String, CallbackError> {
        let (own, key) = (self.clone(), key.clone());
        Self::to_the_end(async move { own.take_answer(&key, pairs, way).await }).await
    }

    async fn take_answer(
        &self,
        key: &SandboxKey,
        pairs: Vec<(String, String)>,
        way: Way,
    ) -> Result<String, CallbackError> {
        let begun = Instant::now();
        let answer = Answer::read(pairs)?;
        let state = answer.get("state").ok_or(CallbackError::StateMissing)?;
        let customer = self
            .customer(key)
            .await?
            .ok_or(CallbackError::StateUnknown)?;
        let _lane = self.lane(&customer, state).await;
        let stored = self.waiting_run(&customer, state).await?;
        let pending: PendingRun =
            serde_json::from_str(&stored.body).map_err(PlaygroundError::from)?;
        // Our provider promises in its metadata that `iss` is there.
        let issuer = answer.get("iss");
        if issuer != Some(pending.issuer.as_str()) {
            return Err(CallbackError::IssuerMismatch {
                expected: pending.issuer,
                found: issuer.map(str::to_owned),
            });
        }
        let beside = Beside {
            access_token: answer.get("access_token").map(str::to_owned),
            id_token: answer.get("id_token").map(str::to_owned),
        };
        let reply = match (answer.get("error"), answer.get("code")) {
            (Some(error), _) => Reply::Error(OAuthError {
                error: error.to_owned(),
                error_description: answer.get("error_description").map(str::to_owned),
            }),
            (None, Some(code)) => Reply::Code(code, beside),
            (None, None) => return Err(CallbackError::CodeMissing),
        };
        let came = answer.visit(&self.redirect_uri(), way);
        let mut run = self.finish(&stored, pending, came, reply).await?;
        run.server_micros = run.server_micros.saturating_add(micros(begun));
        let body = serde_json::to_string(&run).map_err(PlaygroundError::from)?;
        let finished = self.0.store.finish_run(&customer, &run.id, &body).await;
        if finished.map_err(PlaygroundError::from)? {
            Ok(run.id)
        } else {
            Err(CallbackError::AlreadyUsed { run: run.id })
        }
    }

    /// The run that waits for an answer with this `state`.
    async fn waiting_run(&self, customer: &str, state: &str) -> Result<StoredRun, CallbackError> {
        let store = &self.0.store;
        let now = self.0.clock.now();
        let waiting = store.pending_run(customer, state, now).await;
        if let Some(run) = waiting.map_err(PlaygroundError::from)? {
            return Ok(run);
        }
        let known = store.run_by_state(customer, state).await;
        Err(match known.map_err(PlaygroundError::from)? {
            None => CallbackError::StateUnknown,
            Some(run) if run.status == RunStatus::Finished && now < run.expires_at => {
                CallbackError::AlreadyUsed { run: run.id }
            }
            Some(_) => CallbackError::Expired,
        })
    }

    /// Makes a run of an answer.
    async fn finish(
        &self,
        stored: &StoredRun,
        pending: PendingRun,
        came: RecordedExchange,
        reply: Reply<'_>,
    ) -> Result<Run, PlaygroundError> {
        let customer = &stored.customer_id;
        let client = self
            .0
            .store
            .client(customer, &pending.client.id)
            .await?
            .ok_or(PlaygroundError::Missing("the client of the run"))?;
        let policy = self
            .0
            .store
            .token_policy(customer, &client.token_policy)
            .await?
            .ok_or(PlaygroundError::Missing("the token policy of the run"))?;
        let view = ClientView {
            token_policy: client.token_policy.clone(),
            ..pending.client.clone()
        };
        let (completion, outcome) = match reply {
            Reply::Error(error) => (Completion::default(), Outcome::Refused(error)),
            Reply::Code(code, beside) => {
                let completion = self.redeem(&pending, client, code, beside).await;
                let outcome = outcome(completion.failure.as_ref());
                (completion, outcome)
            }
        };
        let person = self.person(customer, completion.token.as_ref()).await?;
        let (learnt, granted) = granted(completion.token.as_ref(), &pending.request);
        let mut exchanges = vec![visit(Step::Authorize, &pending.authorization_url), came];
        exchanges.extend(completion.exchanges);
        Ok(Run {
            id: stored.id.clone(),
            started_at: stored.created_at,
            expires_at: stored.expires_at,
            issuer: pending.issuer,
            draft: pending.draft,
            request: pending.request,
            authorization_url: pending.authorization_url,
            client: view,
            signed_in: person.as_ref().map(person_view),
            profile: person.map(|person| person.profile),
            policy,
            exchanges,
            checks: completion.checks,
            token: completion.token,
            learnt,
            granted,
            id_token: completion.id_token,
            userinfo: completion.userinfo,
            outcome,
            change: pending.change,
            previous: pending.previous,
            server_micros: pending.server_micros,
        })
    }

    /// Lets the relying party make of the code what it can.
    async fn redeem(
        &self,
        pending: &PendingRun,
        client: Client,
        code: &str,
        beside: Beside,
    ) -> Completion {
        self.0
            .relying_party
            .complete(&CodeFlow {
                issuer: pending.issuer.clone(),
                client_id: client.id,
                client_secret: client.secret,
                redirect_uri: pending.request.redirect_uri.clone().unwrap_or_default(),
                code: code.to_owned(),
                code_verifier: pending.draft.code_verifier.clone(),
                nonce: pending.request.nonce.clone(),
                expect_openid: requested(&pending.request).contains(OPENID),
                beside,
            })
            .await
    }

    /// Whom the access token speaks of: the provider knows it even when no ID
    /// token says so.
    async fn person(
        &self,
        customer: &str,
        token: Option<&TokenResponse>,
    ) -> Result<Option<Person>, PlaygroundError> {
        let Some(token) = token else { return Ok(None) };
        let kept = self.0.store.token(customer, &token.access_token).await?;
        match kept.and_then(|token| token.person_id) {
            Some(uuid) => Ok(self.0.store.person(customer, &uuid).await?),
            None => Ok(None),
        }
    }
}

/// What the provider sent the browser back with.
enum Reply<'a> {
    /// A code, and what came beside it.
    Code(&'a str, Beside),
    /// A refusal.
    Error(OAuthError),
}

fn outcome(failure: Option<&Failure>) -> Outcome {
    failure.map_or(Outcome::Completed, |failure| Outcome::Failed {
        step: failure.step,
        message: failure.message.clone(),
        error: failure.error.clone(),
        advice: failure.advice.clone(),
    })
}

fn requested(request: &AuthorizationRequest) -> Scope {
    Scope::parse(request.scope.as_deref().unwrap_or_default()).scope
}

/// What the token carries, and how that is known.
/// [RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)
fn granted(
    token: Option<&TokenResponse>,
    request: &AuthorizationRequest,
) -> (HowLearnt, Option<Scope>) {
    match token.map(|token| token.scope.as_deref()) {
        None => (HowLearnt::NothingIssued, None),
        Some(None) => (HowLearnt::NotSaid, Some(requested(request))),
        Some(Some(scope)) => (HowLearnt::TokenResponse, Some(Scope::parse(scope).scope)),
    }
}

fn person_view(person: &Person) -> PersonView {
    PersonView {
        uuid: person.profile.uuid.clone(),
        name: person.profile.full_name(),
        email: person.profile.email.clone(),
    }
}

/// A visit of the browser. Only its address is known here: what else the
/// browser sent and received is not made up.
pub(crate) fn visit(step: Step, address: &str) -> RecordedExchange {
    RecordedExchange {
        step,
        exchange: HttpExchange {
            request: CapturedRequest {
                method: "GET".to_owned(),
                url: address.to_owned(),
                headers: Vec::new(),
                body: String::new(),
            },
            response: None,
            failure: None,
            elapsed_micros: 0,
        },
    }
}
