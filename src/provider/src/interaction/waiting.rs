//! What waits for a person, from the question to the answer.

use crate::{
    authorization::{Checked, Received},
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
use policy::profile::Person;
use store::{Customer, Interaction, Pending};

/// How long a person may take to answer, in seconds.
const INTERACTION_LIFETIME: i64 = 1800;

impl Provider {
    /// Keeps a request until the person has signed in, and sends the browser to
    /// the sign-in page.
    pub(crate) async fn ask(
        &self,
        checked: &Checked<'_>,
        headers: &HeaderMap,
    ) -> Result<Response, ProviderError> {
        let pending = Pending::Authorization(Box::new(checked.request.clone()));
        let customer = &checked.customer.id;
        let (key, cookie) = self
            .wait(
                customer,
                Some(checked.client.id.clone()),
                pending,
                checked.request.login_hint.clone(),
                headers,
            )
            .await?;
        let page = self.screen_of(customer, "login", &key);
        Ok(see_other(&page, cookie.as_deref()))
    }

    /// Keeps something that waits, bound to the browser. Returns its key, and
    /// the `Set-Cookie` value for a browser that had no secret yet.
    pub(super) async fn wait(
        &self,
        customer: &str,
        client_id: Option<String>,
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
            client_id,
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

    /// The interaction, if it is open in this browser, and the browser's secret.
    pub(super) async fn find_interaction(
        &self,
        customer: &Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<Option<(Interaction, String)>, PageError> {
        for browser in cookie::values(headers, cookie::BROWSER, self.secure()) {
            let found = self
                .store()
                .interaction(&customer.id, key, browser, self.now())
                .await
                .map_err(|error| failed(&error.into(), &customer.id))?;
            if let Some(interaction) = found {
                return Ok(Some((interaction, browser.to_owned())));
            }
        }
        Ok(None)
    }

    /// The same, or the page that says that it is over.
    pub(super) async fn open_interaction(
        &self,
        customer: &Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<(Interaction, String), PageError> {
        self.find_interaction(customer, key, headers)
            .await?
            .ok_or_else(|| PageError::interaction_gone(&customer.id))
    }
}

fn is_key(value: &str) -> bool {
    value.len() == 43
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Takes the interaction, so that it can end only once, and checks its request
/// anew.
async fn take<'p>(
    provider: &'p Provider,
    customer: Customer,
    key: &str,
    browser: &str,
) -> Result<Result<Checked<'p>, Response>, PageError> {
    let taken = provider
        .store()
        .take_interaction(&customer.id, key, browser, provider.now())
        .await
        .map_err(|error| failed(&error.into(), &customer.id))?
        .ok_or_else(|| PageError::interaction_gone(&customer.id))?;
    let Pending::Authorization(request) = taken.pending else {
        return Err(PageError::interaction_gone(&customer.id));
    };
    let checked = Received::again(provider, customer, *request)
        .know_client()
        .await?
        .match_redirect_uri()?
        .check()
        .await;
    Ok(checked.map_err(|error| error.into_response().deliver(None)))
}

/// The person does not want to: the client is told.
pub(super) async fn cancel(
    provider: &Provider,
    customer: Customer,
    key: &str,
    browser: &str,
) -> Result<Response, PageError> {
    Ok(match take(provider, customer, key, browser).await? {
        Ok(checked) => checked.cancelled().deliver(None),
        Err(response) => response,
    })
}

/// The person has proved who they are: they are signed in, and what waited goes
/// on.
pub(super) async fn finish(
    provider: &Provider,
    customer: Customer,
    key: &str,
    browser: &str,
    person: &Person,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let checked = match take(provider, customer, key, browser).await? {
        Ok(checked) => checked,
        Err(response) => return Ok(response),
    };
    let begun = provider
        .begin_session(&checked.customer.id, person, Some(headers))
        .await;
    let (session, cookie) = match begun {
        Ok(begun) => begun,
        Err(error) => return Ok(checked.failed(&error).into_response().deliver(None)),
    };
    Ok(checked.answer(session).await.deliver(Some(&cookie)))
}
