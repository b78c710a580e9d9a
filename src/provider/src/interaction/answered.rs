//! What waited for a person goes on, once they have answered.

use super::{notice::Notice, profile::profile_address, waiting::Open};
use crate::{
    authorization::{Checked, Received},
    customer::failed,
    page::PageError,
    provider::Provider,
    redirect::{is_registered, see_other},
};
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use policy::{client::Client, profile::Person};
use store::{Customer, Pending, Session};

/// What goes on once somebody has signed in, or has decided not to.
enum Waited<'p> {
    /// An authorization request that nothing is wrong with.
    Request(Box<Checked<'p>>),
    /// The account page.
    Profile(Box<AccountPage>),
    /// An authorization request that has become wrong meanwhile: the answer.
    Refused(Response),
}

/// The account page somebody wants to see.
struct AccountPage {
    customer: String,
    client: Client,
    redirect_uri: Option<String>,
}

impl AccountPage {
    fn address(&self, provider: &Provider) -> String {
        let redirect_uri = self.redirect_uri.as_deref();
        profile_address(provider, &self.customer, &self.client.id, redirect_uri)
    }

    /// Back to the application, if its address is still registered.
    fn leave(&self) -> Response {
        match &self.redirect_uri {
            Some(uri) if is_registered(&self.client.redirect_uris, uri) => see_other(uri, None),
            _ => Notice::Cancelled.into_response(),
        }
    }
}

/// Takes the interaction and checks its request anew.
async fn take<'p>(
    provider: &'p Provider,
    customer: Customer,
    open: &Open,
) -> Result<Waited<'p>, PageError> {
    let taken = provider.take(&customer, open).await?;
    let request = match taken.pending {
        Pending::Authorization(request) => *request,
        Pending::Profile { redirect_uri } => {
            let client = provider
                .waiting_client(&customer.id, taken.client_id.as_deref())
                .await
                .map_err(|error| failed(&error, &customer.id))?;
            return Ok(Waited::Profile(Box::new(AccountPage {
                customer: customer.id,
                client,
                redirect_uri,
            })));
        }
        Pending::Logout(_) => return Err(PageError::interaction_gone(&customer.id)),
    };
    let checked = Received::again(provider, customer, request)
        .know_client()
        .await?
        .match_redirect_uri()?
        .check()
        .await;
    Ok(match checked {
        Ok(checked) => Waited::Request(Box::new(checked)),
        Err(error) => Waited::Refused(error.into_response().deliver(None)),
    })
}

/// The person does not want to. The client is told, if one waits; from the
/// account page there is only the way back.
pub(super) async fn cancel(
    provider: &Provider,
    customer: Customer,
    open: &Open,
) -> Result<Response, PageError> {
    Ok(match take(provider, customer, open).await? {
        Waited::Request(checked) => checked.cancelled().deliver(None),
        Waited::Profile(page) => page.leave(),
        Waited::Refused(response) => response,
    })
}

/// The person has proved who they are: they are signed in, and what waited goes
/// on.
pub(super) async fn finish(
    provider: &Provider,
    customer: Customer,
    open: &Open,
    person: &Person,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let id = customer.id.clone();
    Ok(match take(provider, customer, open).await? {
        Waited::Refused(response) => response,
        Waited::Request(checked) => {
            match provider.begin_session(&id, person, Some(headers)).await {
                Ok((session, cookie)) => checked.answer(session).await.deliver(Some(&cookie)),
                Err(error) => checked.failed(&error).into_response().deliver(None),
            }
        }
        Waited::Profile(page) => {
            let begun = provider.begin_session(&id, person, Some(headers)).await;
            let (_, cookie) = begun.map_err(|error| failed(&error, &id))?;
            see_other(&page.address(provider), Some(&cookie))
        }
    })
}

/// The person signed in a moment ago: what waited goes on.
pub(super) async fn resume(
    provider: &Provider,
    customer: Customer,
    open: &Open,
    session: Session,
) -> Result<Response, PageError> {
    Ok(match take(provider, customer, open).await? {
        Waited::Request(checked) => checked.answer(session).await.deliver(None),
        Waited::Profile(page) => see_other(&page.address(provider), None),
        Waited::Refused(response) => response,
    })
}
