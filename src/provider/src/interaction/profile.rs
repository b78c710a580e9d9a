//! The account page, `manageProfile`: the personal data of whoever is signed in.

mod view;

pub use view::ProfileView;

use super::{
    form::{Form, Visit},
    session::SignedIn,
};
use crate::{
    customer::failed,
    page::PageError,
    parameters::Parameters,
    provider::{Provider, ProviderError},
    redirect::{is_registered, see_other},
    screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use oidc::authorization::append_query;
use policy::{
    client::Client,
    profile::{Person, Profile},
};
use store::{Customer, Pending};

/// The address of somebody's account page.
pub(super) fn profile_address(
    provider: &Provider,
    customer: &str,
    client_id: &str,
    redirect_uri: Option<&str>,
) -> String {
    below(provider, customer, "profile", client_id, redirect_uri)
}

/// An address that names the client and where to go back to.
fn below(
    provider: &Provider,
    customer: &str,
    name: &str,
    client_id: &str,
    redirect_uri: Option<&str>,
) -> String {
    append_query(
        &format!("{}/auth-ui/{name}", provider.base(customer)),
        [("client_id", client_id)]
            .into_iter()
            .chain(redirect_uri.map(|uri| ("redirect_uri", uri))),
    )
}

/// The page, for whoever is signed in; else the sign-in page first.
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
    let asked = Asked::check(&provider, &customer, &query).await?;
    let found = provider.signed_in(&customer.id, &headers).await;
    let Some(browser) = found.map_err(|error| failed(&error, &customer.id))? else {
        return asked.sign_in_first(&provider, &customer, &headers).await;
    };
    Ok(asked
        .screen(
            &provider,
            &customer,
            &browser,
            ProfileView {
                saved: query.get("saved").is_some(),
                ..ProfileView::kept(&browser.person.profile)
            },
        )
        .into_response())
}

/// "Save Changes".
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let form = Form::take(&provider, &customer, request).await?;
    let customer = &form.customer;
    let asked = Asked::check(&provider, customer, &form.fields).await?;
    let found = provider.signed_in(&customer.id, &form.headers).await;
    let Some(browser) = found.map_err(|error| failed(&error, &customer.id))? else {
        return asked
            .sign_in_first(&provider, customer, &form.headers)
            .await;
    };
    if !browser.sent(form.fields.get("token").unwrap_or_default()) {
        return Err(PageError::other_sign_in(&customer.id));
    }
    let mut view = ProfileView::typed(&form.fields, &provider, &browser.person.profile);
    if !view.has_problem() {
        let saved = provider.save(&customer.id, &browser.person, &view).await;
        if saved.map_err(|error| failed(&error, &customer.id))? {
            let page = asked.address(&provider, &customer.id);
            return Ok(see_other(&append_query(&page, [("saved", "yes")]), None));
        }
        view.email.problem = Some("Another account has this email address.");
    }
    let screen = asked.screen(&provider, customer, &browser, view);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, screen).into_response())
}

/// What the page was opened with, checked.
struct Asked {
    client: Client,
    redirect_uri: Option<String>,
}

impl Asked {
    async fn check(
        provider: &Provider,
        customer: &Customer,
        sent: &Parameters,
    ) -> Result<Self, PageError> {
        let client = provider.login_client(customer, sent).await?;
        let redirect_uri = registered_redirect_uri(customer, &client, sent)?;
        Ok(Self {
            client,
            redirect_uri,
        })
    }

    fn address(&self, provider: &Provider, customer: &str) -> String {
        profile_address(
            provider,
            customer,
            &self.client.id,
            self.redirect_uri.as_deref(),
        )
    }

    async fn sign_in_first(
        self,
        provider: &Provider,
        customer: &Customer,
        headers: &HeaderMap,
    ) -> Result<Response, PageError> {
        let pending = Pending::Profile {
            redirect_uri: self.redirect_uri,
        };
        let (key, cookie) = provider
            .wait(&customer.id, Some(&self.client.id), pending, None, headers)
            .await
            .map_err(|error| failed(&error, &customer.id))?;
        let page = provider.screen_of(&customer.id, "login", &key);
        Ok(see_other(&page, cookie.as_deref()))
    }

    fn screen(
        self,
        provider: &Provider,
        customer: &Customer,
        browser: &SignedIn,
        view: ProfileView,
    ) -> Screen {
        let redirect_uri = self.redirect_uri.as_deref();
        Screen::Profile(Box::new(ProfileView {
            action: format!("/{}/auth-ui/profile", customer.id),
            token: browser.form_token(),
            logout: below(
                provider,
                &customer.id,
                "logout",
                &self.client.id,
                redirect_uri,
            ),
            client_name: self.client.name,
            client_id: self.client.id,
            redirect_uri: self.redirect_uri,
            ..view
        }))
    }
}

impl Provider {
    /// The login client that `client_id` names.
    /// Missing and wrong ones have screens of their own (domain notes,
    /// section 1.8).
    pub(super) async fn login_client(
        &self,
        customer: &Customer,
        sent: &Parameters,
    ) -> Result<Client, PageError> {
        let Some(id) = sent.get("client_id") else {
            return Err(PageError::bad_request(&customer.id));
        };
        self.store()
            .client(&customer.id, id)
            .await
            .map_err(|error| failed(&error.into(), &customer.id))?
            .filter(|client| client.login_policy.is_some())
            .ok_or_else(|| PageError::wrong_client(&customer.id))
    }

    /// Saves what was typed; `false` when somebody else has the address.
    async fn save(
        &self,
        customer: &str,
        person: &Person,
        view: &ProfileView,
    ) -> Result<bool, ProviderError> {
        let profile = view.applied_to(&person.profile);
        if profile == person.profile {
            return Ok(true);
        }
        let person = Person {
            profile: Profile {
                last_updated: self.now().0,
                ..profile
            },
            ..person.clone()
        };
        let saved = self.store().replace_person(customer, &person).await?;
        let saved = saved.ok_or(ProviderError::Dangling("the person"))?;
        if saved {
            tracing::info!(customer, person = person.profile.uuid, "saved a profile");
        }
        Ok(saved)
    }
}

/// Where to go back to, which must be registered.
pub(super) fn registered_redirect_uri(
    customer: &Customer,
    client: &Client,
    sent: &Parameters,
) -> Result<Option<String>, PageError> {
    match sent.get("redirect_uri") {
        None => Ok(None),
        Some(uri) if is_registered(&client.redirect_uris, uri) => Ok(Some(uri.to_owned())),
        Some(_) => Err(PageError::wrong_redirect_uri(&customer.id)),
    }
}
