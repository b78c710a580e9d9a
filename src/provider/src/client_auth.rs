//! How a client proves itself, and how often it may fail to.

use crate::{
    client_address::ClientAddress,
    parameters::Parameters,
    provider::{Provider, ProviderError},
    tally::Tally,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header};
use policy::client::{Client, ClientType};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use store::StoreError;
use subtle::ConstantTimeEq as _;

/// What a client presented, unchecked.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Presented {
    pub(crate) client_id: String,
    secret: Option<String>,
}

/// Why nothing can be made of what a client presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PresentedError {
    /// [RFC 6749 section 2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)
    #[error("The client must authenticate in one way only")]
    TwoMethods,
    #[error("client_id differs from the client in the Authorization header")]
    TwoClients,
    #[error("The Authorization header is not Basic with client id and secret")]
    Malformed,
    #[error("The client did not say who it is")]
    Nobody,
}

impl Presented {
    /// Reads `client_secret_basic`, `client_secret_post` or `none`.
    /// [Core section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)
    pub(crate) fn read(
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Self, PresentedError> {
        let client_id = parameters.get("client_id");
        let secret = parameters.get("client_secret");
        let mut authorizations = headers.get_all(header::AUTHORIZATION).into_iter();
        match (authorizations.next(), authorizations.next()) {
            (Some(_), Some(_)) => Err(PresentedError::TwoMethods),
            (Some(_), None) if secret.is_some() => Err(PresentedError::TwoMethods),
            (Some(value), None) => {
                let basic = value
                    .to_str()
                    .ok()
                    .and_then(basic)
                    .ok_or(PresentedError::Malformed)?;
                if client_id.is_some_and(|id| id != basic.client_id) {
                    return Err(PresentedError::TwoClients);
                }
                Ok(basic)
            }
            (None, _) => Ok(Self {
                client_id: client_id.ok_or(PresentedError::Nobody)?.to_owned(),
                secret: secret.map(str::to_owned),
            }),
        }
    }

    /// The guess this is, if it is one: at a secret that somebody has.
    fn guess(
        &self,
        customer: &str,
        client: Option<&Client>,
        from: Option<ClientAddress>,
    ) -> Option<Guess> {
        let client = client.filter(|client| client.client_type == ClientType::Confidential)?;
        self.secret.as_ref().map(|_| Guess {
            customer: customer.to_owned(),
            client: client.id.clone(),
            address: from.map(ClientAddress::subscriber),
        })
    }

    /// Whether this proves the client, if there is one. Takes the same time for
    /// an unknown client, a wrong length and a wrong byte: what is compared are
    /// hashes, and something is always compared.
    pub(crate) fn proves(&self, client: Option<&Client>) -> bool {
        let kept = client.and_then(|client| client.secret.as_deref());
        let equal = Sha256::digest(self.secret.as_deref().unwrap_or_default())
            .ct_eq(&Sha256::digest(kept.unwrap_or_default()));
        match client.map(|client| client.client_type) {
            None => false,
            Some(ClientType::Public) => self.secret.is_none(),
            Some(ClientType::Confidential) => {
                self.secret.is_some() && kept.is_some() && bool::from(equal)
            }
        }
    }
}

/// Why a client is not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientAuthError {
    #[error(transparent)]
    Presented(#[from] PresentedError),
    #[error("Unknown client, or the client did not prove itself")]
    Unproven,
    #[error("Too many wrong secrets came from this address; try again in {0} seconds")]
    TooManyWrong(i64),
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl From<StoreError> for ClientAuthError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Wrong secrets per client, address and minute. A program that has the right
/// one never sends another; one that was set up wrongly is told early enough.
const MOST_WRONG: u32 = 20;

/// Counts wrong secrets, per client and address.
///
/// Who was wrong too often waits, even with the right secret: were that one let
/// through, guessing on would pay. Other addresses are not held up, so that
/// nobody can lock a client out from elsewhere. Only clients that exist and have
/// a secret are counted: there is nothing to guess at the others, and nobody
/// fills the memory with names of their own.
pub(crate) struct SecretBrake(Tally<Guess>);

/// Whose secret somebody tries, and from where; all that come from nowhere known
/// are one.
#[derive(PartialEq, Eq, Hash)]
struct Guess {
    customer: String,
    client: String,
    address: Option<IpAddr>,
}

impl SecretBrake {
    pub(crate) fn new() -> Self {
        Self(Tally::new(MOST_WRONG))
    }
}

impl Provider {
    /// The client that a request comes from.
    pub(crate) async fn authenticate(
        &self,
        customer: &str,
        presented: &Presented,
        from: Option<ClientAddress>,
    ) -> Result<Client, ClientAuthError> {
        let client = self.store().client(customer, &presented.client_id).await?;
        let guess = presented.guess(customer, client.as_ref(), from);
        let brake = &self.0.secrets.0;
        let now = self.now();
        if let Some(seconds) = guess.as_ref().and_then(|guess| brake.wait(guess, now)) {
            return Err(ClientAuthError::TooManyWrong(seconds));
        }
        if presented.proves(client.as_ref()) {
            return client.ok_or(ClientAuthError::Unproven);
        }
        if let Some(guess) = guess {
            brake.count(guess, now);
        }
        Err(ClientAuthError::Unproven)
    }
}

/// `Basic`, with id and secret form-encoded before they were joined.
/// [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)
fn basic(header: &str) -> Option<Presented> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim_matches(' ')).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let client_id = form_decoded(id);
    (!client_id.is_empty()).then(|| Presented {
        client_id,
        secret: Some(form_decoded(secret)),
    })
}

/// One form-encoded value. Neither `&` nor `=` separates anything here.
fn form_decoded(text: &str) -> String {
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(client_type: ClientType, secret: Option<&str>) -> Client {
        Client {
            id: "id".to_owned(),
            name: "name".to_owned(),
            client_type,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            id_token_signed_response_alg: None,
            login_policy: None,
            token_policy: "policy".to_owned(),
            secret: secret.map(str::to_owned),
        }
    }

    #[test]
    fn basic_credentials_are_form_decoded() {
        let header = format!("basic {}", STANDARD.encode("a%3Ab:s+%2B&=%25"));
        let presented = basic(&header).unwrap();
        assert_eq!(presented.client_id, "a:b");
        assert_eq!(presented.secret.as_deref(), Some("s +&=%"));
    }

    #[test]
    fn only_the_right_proof_proves() {
        let check = |secret: Option<&str>, client: Option<&Client>, expected: bool| {
            let presented = Presented {
                client_id: "id".to_owned(),
                secret: secret.map(str::to_owned),
            };
            assert_eq!(presented.proves(client), expected, "{secret:?} {client:?}");
        };
        let confidential = client(ClientType::Confidential, Some("secret"));
        let secretless = client(ClientType::Confidential, None);
        let public = client(ClientType::Public, None);
        check(Some("secret"), Some(&confidential), true);
        check(Some("secreT"), Some(&confidential), false);
        check(Some("secrets"), Some(&confidential), false);
        check(Some(""), Some(&confidential), false);
        check(None, Some(&confidential), false);
        check(Some(""), Some(&secretless), false);
        check(None, Some(&public), true);
        check(Some("x"), Some(&public), false);
        check(None, None, false);
        check(Some(""), None, false);
    }
}
