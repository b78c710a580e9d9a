//! Signing out at the older address, and the question whether to sign out at
//! all.

use super::{
    form::{Form, Visit},
    notice::Notice,
    profile::registered_redirect_uri,
};
use crate::{
    customer::failed,
    fault,
    page::PageError,
    provider::Provider,
    redirect::{is_registered, see_other},
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use oidc::authorization::append_query;
use store::Pending;

/// What the question needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmLogoutView {
    /// The application that wants it, if it is known.
    pub client_name: Option<String>,
    /// Who is signed in.
    pub email: String,
    /// Whether it is about every browser the person is signed in with.
    pub everywhere: bool,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `interaction`.
    pub interaction: String,
}

/// Ends this browser's session. Access and refresh tokens live on.
///
/// Nobody is asked, as Hosted Login does not ask: another site may send a person
/// here and so sign them out. That is all it can do; it learns nothing, since
/// only registered addresses are led to. An image or a frame of another site
/// cannot, because the session's cookie is `SameSite=Lax` and comes along only
/// when the address bar changes.
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
    let client = provider.login_client(&customer, &query).await?;
    let redirect_uri = registered_redirect_uri(&customer, &client, &query)?;
    let ended = provider.end_session(&customer.id, &headers, None).await;
    let cookie = ended.map_err(|error| failed(&error, &customer.id))?;
    let (id, state) = (Some(client.id.as_str()), query.get("state"));
    Ok(signed_out(&provider, &customer.id, id, redirect_uri, state, &cookie).await)
}

/// Where the browser goes after signing out: back to the application with its
/// `state`, or nowhere.
pub(crate) async fn signed_out(
    provider: &Provider,
    customer: &str,
    client: Option<&str>,
    target: Option<String>,
    state: Option<&str>,
    cookie: &str,
) -> Response {
    if let Some(target) = target {
        let state = fault::logout_state(provider, customer, client, state).await;
        let state = state.as_deref().map(|state| ("state", state));
        return see_other(&append_query(&target, state), Some(cookie));
    }
    let mut response = Notice::LoggedOut.into_response();
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The answer to the question.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let form = Form::take(&provider, &customer, request).await?;
    let customer = &form.customer;
    let open = provider
        .find_open(customer, form.interaction(), &form.headers)
        .await?
        .filter(|open| matches!(open.interaction.pending, Pending::Logout(_)))
        .ok_or_else(|| PageError::interaction_gone(&customer.id))?;
    let taken = provider.take(customer, &open).await?;
    let Pending::Logout(request) = taken.pending else {
        return Err(PageError::interaction_gone(&customer.id));
    };
    if !form.pressed("logout") {
        return Ok(Notice::StillSignedIn.into_response());
    }
    let ended = provider
        .end_session(&customer.id, &form.headers, request.sid.as_deref())
        .await;
    let cookie = ended.map_err(|error| failed(&error, &customer.id))?;
    // What was registered when the question was asked may not be any more.
    let client = provider
        .waiting_client(&customer.id, taken.client_id.as_deref())
        .await
        .ok();
    let target = request.redirect_uri.filter(|uri| {
        client.is_some_and(|client| is_registered(&client.post_logout_redirect_uris, uri))
    });
    let client = taken.client_id.as_deref();
    let state = request.state.as_deref();
    Ok(signed_out(&provider, &customer.id, client, target, state, &cookie).await)
}
