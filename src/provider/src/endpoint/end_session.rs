//! The end session endpoint.
//! [RP-Initiated Logout section 2](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout)
//!
//! An ID token of ours proves that the application signs out whom it signed in.
//! Without that proof, or when somebody else is signed in meanwhile, the person
//! is asked. Only registered addresses are led to, and only after either. Access
//! and refresh tokens live on, as Hosted Login's do.

use crate::{
    customer::failed,
    id_token_hint::IdTokenHint,
    interaction::{ConfirmLogoutView, SignedIn, signed_out},
    page::PageError,
    parameters::{Parameters, form_pairs, query_pairs},
    provider::{Provider, ProviderError},
    redirect::{is_registered, see_other},
    screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, header};
use oidc::authorization::append_query;
use policy::client::Client;
use store::{Customer, LogoutRequest, Pending};

/// The longest query that a form is turned into, in bytes.
const LONGEST_QUERY: usize = 8000;

/// Takes the request from the query.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers();
    let customer = provider.customer_or_page(&customer, headers).await?;
    let pairs = query_pairs(request.uri().query());
    answer(&provider, &customer, pairs, headers).await
}

/// Takes the request from a form body.
///
/// Such a form comes from the application's site, and then browsers leave the
/// session's cookie at home, which is `SameSite=Lax`. So they are sent here once
/// more with GET, where it comes along.
/// [RFC 6265bis section 5.6.7.1](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.6.7.1)
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers().clone();
    let customer = provider.customer_or_page(&customer, &headers).await?;
    let pairs = form_pairs(request)
        .await
        .map_err(|error| PageError::bad_form(&customer.id, error.status()))?;
    let session = provider.session(&customer.id, &headers).await;
    if session
        .map_err(|error| failed(&error, &customer.id))?
        .is_none()
    {
        let endpoint = format!("{}/login/end_session", provider.base(&customer.id));
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let location = append_query(&endpoint, pairs);
        if location.len() <= LONGEST_QUERY {
            return Ok(see_other(&location, None));
        }
    }
    answer(&provider, &customer, pairs, &headers).await
}

async fn answer(
    provider: &Provider,
    customer: &Customer,
    pairs: Vec<(String, String)>,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let failed = |error: ProviderError| failed(&error, &customer.id);
    let sent = Parameters::once(pairs).map_err(|_| PageError::bad_request(&customer.id))?;
    let wanted = Wanted::check(provider, customer, &sent).await?;
    let browser = provider
        .signed_in(&customer.id, headers)
        .await
        .map_err(failed)?;
    match browser {
        Some(browser) if !wanted.is_proven_for(&browser) => wanted
            .ask(provider, customer, &browser, headers)
            .await
            .map_err(failed),
        browser => wanted
            .end(provider, customer, browser.as_ref(), headers)
            .await
            .map_err(failed),
    }
}

/// What an application wants, checked.
struct Wanted {
    client: Option<Client>,
    hint: Option<IdTokenHint>,
    /// Where the browser goes afterwards. Registered.
    target: Option<String>,
    state: Option<String>,
    /// Inferred: the `sid` of a session, whose person is signed out in every
    /// browser (domain notes, section 1.8).
    logout_hint: Option<String>,
}

impl Wanted {
    async fn check(
        provider: &Provider,
        customer: &Customer,
        sent: &Parameters,
    ) -> Result<Self, PageError> {
        let hint = match sent.get("id_token_hint") {
            None => None,
            Some(token) => Some(
                IdTokenHint::read(provider, &customer.id, token)
                    .await
                    .map_err(|error| failed(&error, &customer.id))?
                    .ok_or_else(|| PageError::wrong_id_token_hint(&customer.id))?,
            ),
        };
        let client = client(provider, customer, sent, hint.as_ref()).await?;
        let target = sent.get("post_logout_redirect_uri");
        let target = target
            .map(|target| registered(customer, client.as_ref(), target))
            .transpose()?;
        Ok(Self {
            client,
            hint,
            target,
            state: sent.get("state").map(str::to_owned),
            logout_hint: sent.get("logout_hint").map(str::to_owned),
        })
    }

    /// Whether the application signed this person in.
    fn is_proven_for(&self, browser: &SignedIn) -> bool {
        self.hint
            .as_ref()
            .is_some_and(|hint| hint.sub == browser.session.person_id)
    }

    /// Signs out at once: it is proven, or nobody is signed in here.
    async fn end(
        self,
        provider: &Provider,
        customer: &Customer,
        browser: Option<&SignedIn>,
        headers: &HeaderMap,
    ) -> Result<Response, ProviderError> {
        let everywhere = self
            .hint
            .as_ref()
            .and_then(|hint| hint.sid.as_ref())
            .filter(|sid| self.logout_hint.as_ref() == Some(*sid))
            // The session may have another name since, if the same person
            // signed in anew.
            .map(|sid| browser.map_or(sid, |browser| &browser.session.sid));
        let cookie = provider
            .end_session(&customer.id, headers, everywhere.map(String::as_str))
            .await?;
        // Without proof and without anybody to ask, nobody is led anywhere.
        let target = self.target.filter(|_| self.hint.is_some());
        let client = self.client.as_ref().map(|client| client.id.as_str());
        let state = self.state.as_deref();
        Ok(signed_out(provider, &customer.id, client, target, state, &cookie).await)
    }

    /// Asks the person first.
    async fn ask(
        self,
        provider: &Provider,
        customer: &Customer,
        browser: &SignedIn,
        headers: &HeaderMap,
    ) -> Result<Response, ProviderError> {
        let sid = self.logout_hint.filter(|sid| *sid == browser.session.sid);
        let everywhere = sid.is_some();
        let pending = Pending::Logout(LogoutRequest {
            redirect_uri: self.target,
            state: self.state,
            sid,
        });
        let client = self.client.as_ref().map(|client| client.id.as_str());
        let (interaction, cookie) = provider
            .wait(&customer.id, client, pending, None, headers)
            .await?;
        let view = ConfirmLogoutView {
            client_name: self.client.map(|client| client.name),
            email: browser.person.profile.email.clone(),
            everywhere,
            action: format!("/{}/auth-ui/logout", customer.id),
            interaction,
        };
        let mut response = Screen::ConfirmLogout(Box::new(view)).into_response();
        if let Some(Ok(cookie)) = cookie.as_deref().map(HeaderValue::from_str) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

/// The client that is named, by itself or by the ID token; both must agree.
async fn client(
    provider: &Provider,
    customer: &Customer,
    sent: &Parameters,
    hint: Option<&IdTokenHint>,
) -> Result<Option<Client>, PageError> {
    let named = sent.get("client_id");
    let id = match (named, hint) {
        (Some(id), Some(hint)) if hint.client != id => {
            return Err(PageError::wrong_client(&customer.id));
        }
        (Some(id), _) => id,
        (None, Some(hint)) => &hint.client,
        (None, None) => return Ok(None),
    };
    let found = provider.store().client(&customer.id, id).await;
    let found = found.map_err(|error| failed(&error.into(), &customer.id))?;
    match found {
        None if named.is_some() => Err(PageError::wrong_client(&customer.id)),
        found => Ok(found),
    }
}

/// The address, if the client has registered it, character by character.
/// [RP-Initiated Logout section 3](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RedirectionAfterLogout)
fn registered(
    customer: &Customer,
    client: Option<&Client>,
    target: &str,
) -> Result<String, PageError> {
    if client.is_some_and(|client| is_registered(&client.post_logout_redirect_uris, target)) {
        Ok(target.to_owned())
    } else {
        Err(PageError::wrong_post_logout_redirect_uri(&customer.id))
    }
}
