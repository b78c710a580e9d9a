//! What is done with the tokens of a run after it: each step a real request,
//! kept as a record of its own.

use crate::{
    Playground, PlaygroundError, RunError,
    callback::visit,
    fresh,
    records::{Keepable, Kept, MOST, Name},
};
use diagnosis::{
    evidence::Run,
    steps::{Action, FurtherStep, Which},
    tokens::{self, Generation},
};
use oidc::{
    authorization::append_query, exchange::Step, scope::Scope, token::TokenResponse,
    verification::Check,
};
use policy::client::{Client, ClientKind, ClientType};
use provider::{sandbox::SandboxKey, seed};
use relying_party::{
    flow::RefreshedIdToken,
    tokens::{Asked, ClientCredentials, access_token_signature},
};

/// The longest `scope` a refresh asks for, in bytes.
const MAX_SCOPE: usize = 2000;

/// Why a step cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// The run cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// There is no button of this name.
    #[error("There is no button of this name under a run.")]
    Unknown,
    /// The run brought no token to do this with.
    #[error("This run has no {0} to do this with.")]
    NoToken(&'static str),
    /// The scope is longer than anyone needs.
    #[error("The scope is longer than {MAX_SCOPE} bytes.")]
    TooLong,
    /// So many steps are kept of a run, and no more.
    #[error("Of a run, {MOST} further steps are kept.")]
    TooMany,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] PlaygroundError),
}

/// Why the browser that came back from logging out belongs to no run.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// It came with no `state`, or with one that was never sent.
    #[error("Nobody of this sandbox was sent to log out with this state.")]
    Unknown,
    /// The step cannot be noted.
    #[error(transparent)]
    Step(#[from] StepError),
}

/// A button that was pressed under a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pressed {
    /// Its name.
    pub button: String,
    /// The scopes that are ticked for a refresh; none or all ask for all.
    pub ticked: Scope,
    /// The id of the last step on the page it is on; empty when there is none.
    pub seen: String,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// Its place among the run's further steps, counted from 1.
    pub number: usize,
    /// Whether the same button had been pressed before, with the same page in
    /// sight: then this is that step, and nothing was done again.
    pub repeated: bool,
    /// Where the browser goes next, when it is to log out there.
    pub location: Option<String>,
}

impl Keepable for FurtherStep {
    const KIND: &'static str = "step";
}

/// A run with its steps, while the next one is taken.
struct Here {
    customer: String,
    run: Run,
    steps: Vec<Kept<FurtherStep>>,
    generations: Vec<Generation>,
    /// The run's client, if it is still there.
    client: Option<Client>,
}

impl Playground {
    /// The further steps of a run, the oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn steps(
        &self,
        key: &SandboxKey,
        run: &str,
    ) -> Result<Vec<Kept<FurtherStep>>, PlaygroundError> {
        self.all_kept(key, run).await
    }

    /// Whether a key of the provider signed this access token of a run, by the
    /// key set that was fetched last; `None` when it is opaque, or no keys were
    /// fetched.
    #[must_use]
    pub fn access_token_signature(
        run: &Run,
        steps: &[FurtherStep],
        access_token: &str,
    ) -> Option<Check> {
        let further = steps.iter().flat_map(|step| &step.exchanges);
        let all: Vec<_> = run.exchanges.iter().chain(further).collect();
        let fetched = all.into_iter().rev().find(|one| one.step == Step::Jwks)?;
        let keys = fetched.exchange.response.as_ref()?;
        access_token_signature(access_token, &keys.body)
    }

    /// Takes a step with the current tokens of a run. A button that is pressed
    /// twice on the same page takes it once.
    ///
    /// What the provider refuses, and that it does not answer, is a step too.
    ///
    /// # Errors
    /// When there is no such run, or nothing to take the step with.
    pub async fn take_step(
        &self,
        key: &SandboxKey,
        run: &str,
        pressed: Pressed,
    ) -> Result<StepTaken, StepError> {
        let Pressed {
            button,
            ticked,
            seen,
        } = pressed;
        let action = Action::of_button(&button, ticked).ok_or(StepError::Unknown)?;
        self.take(key, run, action, &seen).await
    }

    async fn take(
        &self,
        key: &SandboxKey,
        run: &str,
        action: Action,
        seen: &str,
    ) -> Result<StepTaken, StepError> {
        let (own, key) = (self.clone(), key.clone());
        let (run, seen) = (run.to_owned(), seen.to_owned());
        Self::to_the_end(async move { own.step(&key, &run, action, seen).await }).await
    }

    /// Notes that the browser came back from logging out, and asks userinfo
    /// whether the tokens live on. Returns the run's id and the step's place.
    /// Who reloads is led to the same step.
    ///
    /// # Errors
    /// When nobody was sent out with this `state`, or the run is gone.
    pub async fn logged_out(
        &self,
        key: &SandboxKey,
        state: &str,
    ) -> Result<(String, usize), LogoutError> {
        let sent = self.kept::<FurtherStep>(key, state).await;
        let run = sent
            .map_err(StepError::from)?
            .filter(|sent| matches!(sent.what.action, Action::LogOut(_)))
            .map(|sent| sent.what.run)
            .ok_or(LogoutError::Unknown)?;
        let taken = self.take(key, &run, Action::LoggedOut, state).await?;
        Ok((run, taken.number))
    }

    async fn step(
        &self,
        key: &SandboxKey,
        run: &str,
        action: Action,
        seen: String,
    ) -> Result<StepTaken, StepError> {
        let customer = self.customer(key).await?.ok_or(RunError::Unknown)?;
        let _lane = self.lane(&customer, run).await;
        let here = self.here(key, customer, run).await?;
        let action = self.settled(&here, action)?;
        let same = |step: &Kept<FurtherStep>| {
            step.what.seen == seen && same_button(&step.what.action, &action)
        };
        if let Some(place) = here.steps.iter().position(same) {
            return Ok(StepTaken {
                number: place + 1,
                repeated: true,
                location: here.steps[place].what.leads_away(),
            });
        }
        if u32::try_from(here.steps.len()).unwrap_or(MOST) >= MOST {
            return Err(StepError::TooMany);
        }
        let id = fresh::token();
        here.has_what_it_takes(&action)?;
        let step = self.carry_out(&here, action, seen, &id).await?;
        let location = step.leads_away();
        // It holds the run's tokens, and goes when the run goes.
        let name = Name {
            id,
            customer: &here.customer,
            parent: run,
            until: here.run.expires_at,
        };
        self.keep_as(name, step).await?;
        Ok(StepTaken {
            number: here.steps.len() + 1,
            repeated: false,
            location,
        })
    }

    async fn here(&self, key: &SandboxKey, customer: String, run: &str) -> Result<Here, StepError> {
        let run = self.run(key, run).await?;
        let steps = self.steps(key, &run.id).await?;
        let taken: Vec<FurtherStep> = steps.iter().map(|step| step.what.clone()).collect();
        let client = self.0.store.client(&customer, &run.client.id).await;
        Ok(Here {
            client: client.map_err(PlaygroundError::from)?,
            generations: tokens::generations(&run, &taken),
            customer,
            run,
            steps,
        })
    }

    /// What is really done: a refresh for everything names no scope, and only a
    /// registered address is named to come back to from logging out.
    fn settled(&self, here: &Here, action: Action) -> Result<Action, StepError> {
        Ok(match action {
            Action::Refresh(Some(scope)) if scope.to_string().len() > MAX_SCOPE => {
                return Err(StepError::TooLong);
            }
            Action::Refresh(Some(scope)) if here.is_all(&scope) => Action::Refresh(None),
            Action::LogOut(_) => {
                let back = seed::logged_out(&self.0.public_url);
                let client = here.client.as_ref();
                let listed = |client: &Client| client.post_logout_redirect_uris.contains(&back);
                Action::LogOut(client.is_some_and(listed))
            }
            other => other,
        })
    }

    async fn carry_out(
        &self,
        here: &Here,
        action: Action,
        seen: String,
        id: &str,
    ) -> Result<FurtherStep, StepError> {
        let policy = match &here.client {
            Some(client) => self
                .0
                .store
                .token_policy(&here.customer, &client.token_policy)
                .await
                .map_err(PlaygroundError::from)?,
            None => None,
        };
        let mut step = FurtherStep {
            at: self.0.clock.now(),
            run: here.run.id.clone(),
            seen,
            asked_by: None,
            policy,
            exchanges: Vec::new(),
            token: None,
            checks: Vec::new(),
            action,
        };
        match step.action.clone() {
            Action::Refresh(scope) => {
                let token = tokens::refreshable(&here.generations);
                self.refresh(here, token, scope.as_ref(), &mut step).await;
            }
            Action::Replay => {
                let token = tokens::exchanged(&here.generations);
                self.refresh(here, token, None, &mut step).await;
            }
            Action::Introspect(which) => self.introspect(here, which, &mut step).await?,
            Action::Revoke(which) => self.revoke(here, which, &mut step).await,
            Action::UserInfo | Action::LoggedOut => self.ask_userinfo(here, &mut step).await,
            Action::LogOut(back) => {
                let address = self.end_session(here, back, id);
                step.exchanges = vec![visit(Step::Logout, &address)];
            }
        }
        Ok(step)
    }

    async fn refresh(
        &self,
        here: &Here,
        generation: Option<&Generation>,
        scope: Option<&Scope>,
        step: &mut FurtherStep,
    ) {
        let Some(token) = generation.and_then(|one| one.response.refresh_token.as_deref()) else {
            return;
        };
        let scope = scope.map(Scope::to_string);
        let endpoint = self.0.provider.metadata(&here.customer).token_endpoint;
        let asked = self
            .0
            .relying_party
            .refresh(&endpoint, &here.credentials(), token, scope.as_deref())
            .await;
        step.token = read_tokens(&asked);
        step.exchanges = asked.exchanges;
        if let Some(refreshed) = step.token.as_ref().and_then(|token| here.refreshed(token)) {
            let checked = self.0.relying_party.check_refreshed(&refreshed).await;
            step.exchanges.extend(checked.exchanges);
            step.checks = checked.checks;
        }
    }

    async fn introspect(
        &self,
        here: &Here,
        which: Which,
        step: &mut FurtherStep,
    ) -> Result<(), StepError> {
        let metadata = self.0.provider.metadata(&here.customer);
        let endpoint = metadata.introspection_endpoint.unwrap_or_default();
        let mut client = here.credentials();
        if client.secret.is_none()
            && let Some(configuration) = self.configuration_client(&here.customer).await?
        {
            step.asked_by = Some(configuration.name);
            client = ClientCredentials {
                id: configuration.id,
                secret: configuration.secret,
            };
        }
        let token = here.token(which);
        let asked = self.0.relying_party.introspect(&endpoint, &client, token);
        step.exchanges = asked.await.exchanges;
        Ok(())
    }

    async fn revoke(&self, here: &Here, which: Which, step: &mut FurtherStep) {
        let metadata = self.0.provider.metadata(&here.customer);
        let endpoint = metadata.revocation_endpoint.unwrap_or_default();
        let (client, token) = (here.credentials(), here.token(which));
        let asked = self.0.relying_party.revoke(&endpoint, &client, token);
        step.exchanges = asked.await.exchanges;
    }

    /// Nobody is asked when there is no token to ask with.
    async fn ask_userinfo(&self, here: &Here, step: &mut FurtherStep) {
        if step.action == Action::LoggedOut {
            let back = seed::logged_out(&self.0.public_url);
            let address = append_query(&back, [("state", step.seen.as_str())]);
            step.exchanges.push(visit(Step::Logout, &address));
        }
        let token = here.token(Which::Access);
        if !token.is_empty() {
            let endpoint = self.0.provider.metadata(&here.customer).userinfo_endpoint;
            let asked = self.0.relying_party.userinfo(&endpoint, token).await;
            step.exchanges.extend(asked.exchanges);
        }
    }

    /// The address that ends the session.
    /// [RP-Initiated Logout section 2](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)
    fn end_session(&self, here: &Here, back: bool, state: &str) -> String {
        let metadata = self.0.provider.metadata(&here.customer);
        let endpoint = metadata.end_session_endpoint.unwrap_or_default();
        let mut newest = here.generations.iter().rev();
        let hint = newest.find_map(|one| one.response.id_token.as_deref());
        let to = back.then(|| seed::logged_out(&self.0.public_url));
        let parameters = [
            ("id_token_hint", hint),
            (
                "client_id",
                here.client.as_ref().map(|client| client.id.as_str()),
            ),
            ("post_logout_redirect_uri", to.as_deref()),
            ("state", to.as_ref().map(|_| state)),
        ];
        let sent = parameters
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        append_query(&endpoint, sent)
    }

    async fn configuration_client(&self, customer: &str) -> Result<Option<Client>, StepError> {
        let clients = self.0.store.clients(customer).await;
        let mut clients = clients.map_err(PlaygroundError::from)?.into_iter();
        Ok(clients.find(|client| client.kind() == ClientKind::Configuration))
    }
}

impl Here {
    /// Whether there is a token to do it with.
    fn has_what_it_takes(&self, action: &Action) -> Result<(), StepError> {
        let all = &self.generations;
        let (there, name) = match action {
            Action::Replay => (tokens::exchanged(all).is_some(), "used refresh token"),
            Action::Refresh(_)
            | Action::Introspect(Which::Refresh)
            | Action::Revoke(Which::Refresh) => {
                (tokens::refreshable(all).is_some(), "refresh token")
            }
            Action::Introspect(Which::Access)
            | Action::Revoke(Which::Access)
            | Action::UserInfo => (!all.is_empty(), "access token"),
            Action::LogOut(_) | Action::LoggedOut => return Ok(()),
        };
        if there {
            Ok(())
        } else {
            Err(StepError::NoToken(name))
        }
    }

    /// Whether a refresh for this asks for all that the login was granted.
    fn is_all(&self, scope: &Scope) -> bool {
        let granted = self.generations.first().map(|first| &first.granted);
        let same = |granted: &Scope| {
            granted.len() == scope.len()
                && granted.iter().all(|token| scope.contains(token.as_str()))
        };
        scope.is_empty() || granted.is_some_and(same)
    }

    /// Who asks. Of a client that is gone only the id is known.
    fn credentials(&self) -> ClientCredentials {
        let client = self.client.as_ref();
        ClientCredentials {
            id: self.run.client.id.clone(),
            secret: client
                .filter(|client| client.client_type == ClientType::Confidential)
                .and_then(|client| client.secret.clone()),
        }
    }

    /// The newest token of its kind; empty when there is none.
    fn token(&self, which: Which) -> &str {
        let token = match which {
            Which::Access => self
                .generations
                .last()
                .map(|one| &one.response.access_token),
            Which::Refresh => {
                let newest = tokens::refreshable(&self.generations);
                newest.and_then(|one| one.response.refresh_token.as_ref())
            }
        };
        token.map_or("", String::as_str)
    }

    /// What is to be checked of the ID token that came with these tokens.
    fn refreshed(&self, token: &TokenResponse) -> Option<RefreshedIdToken> {
        let first = self.run.id_token.as_ref();
        let subject = first.and_then(|claims| claims.get("sub")?.as_str());
        Some(RefreshedIdToken {
            issuer: self.run.issuer.clone(),
            client_id: self.run.client.id.clone(),
            id_token: token.id_token.clone()?,
            access_token: token.access_token.clone(),
            nonce: self.run.request.nonce.clone(),
            subject: subject.map(str::to_owned),
        })
    }
}

/// Whether the same button was pressed. Where logging out leads is not chosen.
fn same_button(one: &Action, other: &Action) -> bool {
    one == other || matches!((one, other), (Action::LogOut(_), Action::LogOut(_)))
}

/// The tokens of a good answer.
fn read_tokens(asked: &Asked) -> Option<TokenResponse> {
    let answer = asked.answer.as_ref().ok()?;
    let answer = (answer.status == 200).then_some(answer)?;
    serde_json::from_str(&answer.body).ok()
}
