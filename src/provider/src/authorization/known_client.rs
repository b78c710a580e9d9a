//! The second stage: the client is known, its redirect URI is not yet safe.

use super::{
    answer::Answer, redirect_uri::same_loopback, response_mode, safe_redirect::SafeRedirect,
};
use crate::{page::PageError, provider::Provider};
use http::StatusCode;
use oidc::authorization::AuthorizationRequest;
use policy::{
    client::{Client, ClientType},
    login_policy::LoginPolicy,
};
use store::Customer;

/// A request of a client we know.
pub(crate) struct KnownClient<'p> {
    pub(super) provider: &'p Provider,
    pub(super) customer: Customer,
    pub(super) request: AuthorizationRequest,
    pub(super) repeated: Vec<String>,
    pub(super) client: Client,
    pub(super) login_policy: LoginPolicy,
}

impl<'p> KnownClient<'p> {
    /// Makes sure that the answer goes where the client wants it.
    /// [RFC 9700 section 2.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1)
    pub(crate) fn match_redirect_uri(self) -> Result<SafeRedirect<'p>, PageError> {
        let refuse = |title: &str, explanation: &str, hint: &str| {
            let explanation = format!("{explanation} Identity Cloud says `invalid redirect_uri`.");
            PageError::new(
                StatusCode::BAD_REQUEST,
                "invalid_redirect_uri",
                &self.customer.id,
                [title, &explanation, hint],
            )
        };
        let Some(uri) = &self.request.redirect_uri else {
            return Err(if self.repeated.iter().any(|name| name == "redirect_uri") {
                refuse(
                    "The redirect URI is there more than once",
                    "The parameter redirect_uri is there more than once.",
                    "Send it once.",
                )
            } else {
                refuse(
                    "The request has no redirect URI",
                    "The request has no redirect_uri.",
                    "Send one of the client's redirectURIs.",
                )
            });
        };
        let native = self.client.client_type == ClientType::Public;
        let registered = |own: &String| own == uri || (native && same_loopback(own, uri));
        // What cannot stand in a header cannot be redirected to, and a fragment
        // is where the answer would go. RFC 6749 section 3.1.2
        if !self.client.redirect_uris.iter().any(registered)
            || !uri.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
        {
            return Err(refuse(
                "The redirect URI is not registered",
                "The client does not list this address in its redirectURIs. They are compared character by character.",
                "Add the address to the client's redirectURIs, or send one that is listed.",
            ));
        }
        let chosen = response_mode::choose(&self.request);
        let own = uri.strip_prefix(self.provider.public_url());
        let answer = Answer {
            redirect_uri: uri.clone(),
            own: own.is_some_and(|rest| rest.starts_with('/')),
            mode: chosen.mode,
            state: self.request.state.clone().filter(|state| is_text(state)),
            issuer: self.provider.issuer(&self.customer.id),
        };
        Ok(SafeRedirect {
            known: self,
            answer,
            mode_problem: chosen.problem,
        })
    }
}

/// Whether the value was UTF-8: what was not has this character in its place,
/// and cannot be given back unaltered.
/// [RFC 6749 appendix B](https://www.rfc-editor.org/rfc/rfc6749#appendix-B)
pub(super) fn is_text(value: &str) -> bool {
    !value.contains(char::REPLACEMENT_CHARACTER)
}
