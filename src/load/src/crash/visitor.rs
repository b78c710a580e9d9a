//! Somebody who signs in, exchanges codes, and refreshes and revokes tokens.

use super::{
    Killed,
    ledger::{Exchange, Ledger, Rotation, State, refresh},
};
use crate::{
    browser::{Browser, Cookies, Place},
    check::{self, Tokens},
    failure::{Failure, ensure},
    http_client::{Address, Answer, Connection},
    login::Request,
    profile::{Login, SignIn},
    target::Target,
};
use form_urlencoded::Serializer;
use http::{HeaderMap, StatusCode};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// One person with a browser and an application.
pub(super) struct Visitor {
    number: u64,
    target: Target,
    login: Login,
    how: SignIn,
    revocation: Address,
    connection: Connection,
    cookies: Cookies,
    /// Whether the server has sent them back to the application once. From then
    /// on it must know them.
    signed_in: bool,
    chance: StdRng,
}

impl Visitor {
    pub(super) fn new(
        target: &Target,
        login: &Login,
        number: u64,
        seed: u64,
    ) -> Result<Self, Failure> {
        let missing = || Failure::new("the server does not offer this");
        let revocation = target.metadata.revocation_endpoint.as_deref();
        Ok(Self {
            number,
            target: target.clone(),
            login: login.clone(),
            how: login.chosen.clone().ok_or_else(missing)?,
            revocation: Address::parse(revocation.ok_or_else(missing)?)?,
            connection: target.connection(),
            cookies: Cookies::default(),
            signed_in: false,
            chance: StdRng::seed_from_u64(seed.wrapping_add(number)),
        })
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Goes on until the server is gone, and tells what it acknowledged.
    pub(super) async fn work(mut self, killed: Killed) -> (Self, Ledger) {
        let mut ledger = Ledger::default();
        loop {
            if let Err(failure) = self.once(&mut ledger).await {
                if !killed.is_set() {
                    ledger.wrong.push(failure);
                }
                return (self, ledger);
            }
        }
    }

    /// One flow, and what chance makes of its tokens.
    async fn once(&mut self, ledger: &mut Ledger) -> Result<(), Failure> {
        let form = self.code().await?;
        let tokens = self.exchange(&form, ledger).await?;
        let mut exchange = Exchange {
            form,
            access: tokens.access_token,
            state: State::Counts,
        };
        let done = match self.chance.random_range(0..4) {
            0 | 1 => self.rotate(tokens.refresh_token, ledger).await,
            2 => self.revoke(&mut exchange).await,
            _ => Ok(()),
        };
        ledger.exchanged(exchange);
        done
    }

    /// The form that exchanges a new code.
    async fn code(&mut self) -> Result<String, Failure> {
        let request = Request::new()?;
        let cookies = std::mem::take(&mut self.cookies);
        let redirect_uri = &self.login.redirect_uri;
        let mut browser = Browser::with_cookies(&mut self.connection, redirect_uri, cookies);
        let mut place = browser
            .open(request.address(&self.target, &self.login)?)
            .await;
        if let Ok(Place::Page(page)) = &place
            && !self.signed_in
        {
            place = browser.sign_in(page, &self.how).await;
        }
        self.cookies = browser.into_cookies();
        let Place::Application(url) = place? else {
            return Err(Failure::new("a session was lost, or never began"));
        };
        self.signed_in = true;
        let code = request.code(&self.target, &url)?;
        Ok(request.exchange(&self.login, &code))
    }

    async fn exchange(&mut self, form: &str, ledger: &mut Ledger) -> Result<Tokens, Failure> {
        let answer = self.post(form).await;
        if answer.is_err() {
            ledger.unanswered(form.to_owned());
        }
        check::tokens(&answer?)
    }

    async fn rotate(&mut self, old: Option<String>, ledger: &mut Ledger) -> Result<(), Failure> {
        let missing = || Failure::new("there is no refresh token");
        let form = refresh(&self.login, &old.ok_or_else(missing)?);
        let answer = self.post(&form).await;
        if answer.is_err() {
            ledger.unanswered(form.clone());
        }
        let tokens = check::tokens(&answer?)?;
        ledger.rotated(Rotation {
            old: form,
            new: refresh(&self.login, &tokens.refresh_token.ok_or_else(missing)?),
            access: tokens.access_token,
        });
        Ok(())
    }

    /// [RFC 7009 section 2.1](https://www.rfc-editor.org/rfc/rfc7009#section-2.1)
    async fn revoke(&mut self, exchange: &mut Exchange) -> Result<(), Failure> {
        let form = Serializer::new(String::new())
            .append_pair("client_id", &self.login.client_id)
            .append_pair("token", &exchange.access)
            .finish();
        exchange.state = State::Unknown;
        let headers = HeaderMap::new();
        let answer = self
            .connection
            .post(&self.revocation, &headers, form)
            .await?;
        ensure(answer.status == StatusCode::OK, "a revocation was refused")?;
        exchange.state = State::Revoked;
        Ok(())
    }

    async fn post(&mut self, form: &str) -> Result<Answer, Failure> {
        self.connection
            .post(&self.target.token, &HeaderMap::new(), form.to_owned())
            .await
    }
}
