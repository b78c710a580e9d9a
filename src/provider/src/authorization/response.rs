//! The authorization response on its way through the browser.

use crate::{form_post, redirect::see_other};
use axum::response::Response;
use oidc::{authorization::append_query, response_type::ResponseMode};

/// What the client is told, in the response mode it asked for.
/// [Core section 3.1.2.5](https://openid.net/specs/openid-connect-core-1_0.html#AuthResponse)
#[derive(Clone, Debug)]
pub(crate) struct AuthorizationResponse {
    pub(super) redirect_uri: String,
    pub(super) own: bool,
    pub(super) mode: ResponseMode,
    /// Each of them once, in the order they travel.
    pub(super) parameters: Vec<(&'static str, String)>,
}

impl AuthorizationResponse {
    /// The answer that makes the browser take the parameters to the client, and
    /// keep the cookie.
    pub(crate) fn deliver(&self, cookie: Option<&str>) -> Response {
        match self.mode {
            ResponseMode::Query => see_other(&self.in_query(), cookie),
            ResponseMode::Fragment => see_other(&self.in_fragment(), cookie),
            ResponseMode::FormPost => form_post::page(&self.redirect_uri, &self.parameters, cookie),
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
    }

    /// A registered query is kept. The empty fragment stops browsers from
    /// putting the one of the request's address there, which anybody may have
    /// chosen. Our own relying party reads no fragment and goes without, so that
    /// no `#` is left over in the addresses it leads on to.
    /// [RFC 9700 section 4.1.3](https://www.rfc-editor.org/rfc/rfc9700#section-4.1.3),
    /// [Fetch section 4.4](https://fetch.spec.whatwg.org/#concept-response-location-url)
    fn in_query(&self) -> String {
        let guard = if self.own { "" } else { "#" };
        append_query(&self.redirect_uri, self.pairs()) + guard
    }

    /// [Multiple Response Types section 5](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#Combinations)
    fn in_fragment(&self) -> String {
        let fragment = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.pairs())
            .finish();
        format!("{}#{fragment}", self.redirect_uri)
    }
}
