//! The Account Created screen, `registrationSuccess`.

use super::{
    answered::resume,
    form::{Form, Visit},
    waiting::Open,
};
use crate::{
    customer::failed, page::PageError, provider::Provider, redirect::see_other, screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::HeaderMap;
use policy::profile::Person;
use store::{Customer, Session};

/// What the Account Created screen needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountCreatedView {
    /// The application behind it.
    pub client_name: String,
    /// The new account's e-mail address.
    pub email: String,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `interaction`.
    pub interaction: String,
}

/// Says that the account is there.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let Visit {
        customer,
        query,
        headers,
    } = Visit::take(&provider, &customer, request).await?;
    let key = query.get("interaction").unwrap_or_default();
    let open = provider.open_sign_in(&customer, key, &headers).await?;
    let Some((person, _)) = provider.newcomer(&customer, &open, &headers).await? else {
        let sign_in = provider.screen_of(&customer.id, "login", key);
        return Ok(see_other(&sign_in, None));
    };
    let client = provider
        .waiting_client(&customer.id, open.interaction.client_id.as_deref())
        .await
        .map_err(|error| failed(&error, &customer.id))?;
    let view = AccountCreatedView {
        client_name: client.name,
        email: person.profile.email,
        action: format!("/{}/auth-ui/account-created", customer.id),
        interaction: key.to_owned(),
    };
    Ok(Screen::AccountCreated(Box::new(view)).into_response())
}

/// Goes on with what waited.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let form = Form::take(&provider, &customer, request).await?;
    let customer = form.customer;
    let key = form.fields.get("interaction").unwrap_or_default();
    let open = provider.open_sign_in(&customer, key, &form.headers).await?;
    match provider.newcomer(&customer, &open, &form.headers).await? {
        Some((_, session)) => resume(&provider, customer, &open, session).await,
        None => Ok(see_other(
            &provider.screen_of(&customer.id, "login", key),
            None,
        )),
    }
}

impl Provider {
    /// Who signed in in this browser since the interaction began. An older
    /// session does not count: the request may have asked for a new sign-in.
    async fn newcomer(
        &self,
        customer: &Customer,
        open: &Open,
        headers: &HeaderMap,
    ) -> Result<Option<(Person, Session)>, PageError> {
        let found = self.signed_in(&customer.id, headers).await;
        let found = found.map_err(|error| failed(&error, &customer.id))?;
        Ok(found
            .filter(|browser| browser.session.auth_time >= open.interaction.created_at)
            .map(|browser| (browser.person, browser.session)))
    }
}
