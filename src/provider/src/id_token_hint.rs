//! ID tokens that come back to the provider that made them.
//! [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)

use crate::{
    provider::{Provider, ProviderError},
    signing::TYPE_JWT,
};
use serde_json::Value;

/// What an ID token of ours says about the login it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdTokenHint {
    /// Who signed in.
    pub(crate) sub: String,
    /// The client it was made for.
    pub(crate) client: String,
    /// The session's public name.
    pub(crate) sid: Option<String>,
}

impl IdTokenHint {
    /// Reads an ID token of this customer, which may have expired. `None` for
    /// everything else: a foreign or broken signature, no signature, a token of
    /// another customer, an access token.
    pub(crate) async fn read(
        provider: &Provider,
        customer: &str,
        token: &str,
    ) -> Result<Option<Self>, ProviderError> {
        let Some(verified) = provider.keys().verify(customer, token).await? else {
            return Ok(None);
        };
        let issuer = provider.issuer(customer);
        let text = |name: &str| verified.claims.get(name).and_then(Value::as_str);
        // Customers share the deployment's keys.
        let is_ours = text("iss") == Some(&issuer)
            && verified.header.get("typ").and_then(Value::as_str) == Some(TYPE_JWT);
        Ok(match (text("sub"), text("aud")) {
            (Some(sub), Some(client)) if is_ours => Some(Self {
                sub: sub.to_owned(),
                client: client.to_owned(),
                sid: text("sid").map(str::to_owned),
            }),
            _ => None,
        })
    }
}
