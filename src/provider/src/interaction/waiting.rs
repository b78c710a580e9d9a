//! What waits for a person, from the question to the answer.

use crate::{
    authorization::{Checked, FirstScreen},
    cookie,
    customer::failed,
    page::PageError,
    provider::{Provider, ProviderError},
    random,
    redirect::see_other,
};
use axum::response::Response;
use http::HeaderMap;
use oidc::authorization::append_query;
use policy::client::Client;
use store::{Customer, Interaction, Pending};

/// How long a person may take to answer, in seconds.
const INTERACTION_LIFETIME: i64 = 1800;

/// An interaction that is open in this browser.
pub(super) struct Open {
    /// Its key, as it stands in the page's address.
    pub(super) key: String,
    /// The browser's secret.
    browser: String,
    pub(super) interaction: Interaction,
}

impl Provider {
    /// Keeps a request until the person has signed in or signed up, and sends
    /// the browser to the screen for that.
    pub(crate) async fn ask(
        &self,
        checked: &Checked<'_>,
        headers: &HeaderMap,
    ) -> Result<Response, ProviderError> {
        let pending = Pending::Authorization(Box::new(checked.request.clone()));
        let hint = checked.request.login_hint.clone();
        let customer = &checked.customer.id;
        let (key, cookie) = self
            .wait(customer, Some(&checked.client.id), pending, hint, headers)
            .await?;
        let screen = match checked.first_screen() {
            FirstScreen::SignIn => "login",
            FirstScreen::Registration => "registration",
        };
        let page = self.screen_of(customer, screen, &key);
        Ok(see_other(&page, cookie.as_deref()))
    }

    /// Keeps something that waits, bound to the browser. Returns its key, and
    /// the `Set-Cookie` value for a browser that had no secret yet.
    pub(crate) async fn wait(
        &self,
        customer: &str,
        client_id: Option<&str>,
        pending: Pending,
        hint: Option<String>,
        headers: &HeaderMap,
    ) -> Result<(String, Option<String>), ProviderError> {
        let known = cookie::values(headers, cookie::BROWSER, self.secure())
            .find(|value| is_key(value))
            .map(str::to_owned);
        let fresh = known.is_none();
        let browser = known.unwrap_or_else(random::key);
        let key = random::key();
        let now = self.now();
        let interaction = Interaction {
            customer_id: customer.to_owned(),
            client_id: client_id.map(str::to_owned),
            pending,
            hint,
            browser: browser.clone(),
            created_at: now,
            expires_at: now.plus(INTERACTION_LIFETIME),
        };
        self.store().insert_interaction(&key, &interaction).await?;
        let cookie = fresh.then(|| cookie::set(cookie::BROWSER, &browser, self.secure(), None));
        Ok((key, cookie))
    }

    /// The address of a screen for an interaction.
    pub(super) fn screen_of(&self, customer: &str, screen: &str, interaction: &str) -> String {
        append_query(
            &format!("{}/auth-ui/{screen}", self.base(customer)),
            [("interaction", interaction)],
        )
    }

    /// The interaction, if it is open in this browser.
    pub(super) async fn find_open(
        &self,
        customer: &Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<Option<Open>, PageError> {
        for browser in cookie::values(headers, cookie::BROWSER, self.secure()) {
            let found = self
                .store()
                .interaction(&customer.id, key, browser, self.now())
                .await
                .map_err(|error| failed(&error.into(), &customer.id))?;
            if let Some(interaction) = found {
                return Ok(Some(Open {
                    key: key.to_owned(),
                    browser: browser.to_owned(),
                    interaction,
                }));
            }
        }
        Ok(None)
    }

    /// The same for one that waits for somebody to sign in.
    pub(super) async fn find_open_sign_in(
        &self,
        customer: &Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<Option<Open>, PageError> {
        let found = self.find_open(customer, key, headers).await?;
        Ok(found.filter(|open| !matches!(open.interaction.pending, Pending::Logout(_))))
    }

    /// The same, or the page that says that it is over.
    pub(super) async fn open_sign_in(
        &self,
        customer: &Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<Open, PageError> {
        self.find_open_sign_in(customer, key, headers)
            .await?
            .ok_or_else(|| PageError::interaction_gone(&customer.id))
    }

    /// Takes the interaction away, so that it ends only once.
    pub(super) async fn take(
        &self,
        customer: &Customer,
        open: &Open,
    ) -> Result<Interaction, PageError> {
        self.store()
            .take_interaction(&customer.id, &open.key, &open.browser, self.now())
            .await
            .map_err(|error| failed(&error.into(), &customer.id))?
            .ok_or_else(|| PageError::interaction_gone(&customer.id))
    }

    /// Keeps what a person typed as their name, so that it is shown again.
    pub(super) async fn remember_hint(
        &self,
        customer: &Customer,
        open: &Open,
        hint: &str,
    ) -> Result<(), PageError> {
        self.store()
            .set_interaction_hint(&customer.id, &open.key, &open.browser, hint, self.now())
            .await
            .map(drop)
            .map_err(|error| failed(&error.into(), &customer.id))
    }

    /// The client behind an interaction.
    pub(super) async fn waiting_client(
        &self,
        customer: &str,
        client_id: Option<&str>,
    ) -> Result<Client, ProviderError> {
        let client = match client_id {
            Some(id) => self.store().client(customer, id).await?,
            None => None,
        };
        client.ok_or(ProviderError::Dangling("the client"))
    }
}

fn is_key(value: &str) -> bool {
    value.len() == 43
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
