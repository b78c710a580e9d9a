//! What the Build form and its prediction are made of.

use super::fields::Fields;
use oidc::scope::Scope;
use policy::{client::ClientType, profile::Person, token_policy::TokenPolicy};
use serde::{Deserialize, Serialize};

/// Everything the form and its prediction are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// What stands in the form.
    pub fields: Fields,
    /// The clients that sign people in.
    pub clients: Vec<ClientChoice>,
    /// The token policies of those clients.
    pub policies: Vec<TokenPolicy>,
    /// The people of the sandbox.
    pub people: Vec<Person>,
    /// The bundled provider's issuer.
    pub issuer: String,
    /// Its authorization endpoint.
    pub authorization_endpoint: String,
    /// Where the answer comes back to.
    pub redirect_uri: String,
    /// The run whose result stands beside the form.
    pub previous: Option<String>,
}

/// A client on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it keeps a secret.
    pub client_type: ClientType,
    /// The id of its token policy.
    pub token_policy: String,
}

impl Workspace {
    /// The chosen client; `None` when the sandbox does not have it.
    #[must_use]
    pub fn client(&self, fields: &Fields) -> Option<&ClientChoice> {
        self.clients
            .iter()
            .find(|client| client.id == fields.client)
    }

    /// The token policy of the chosen client.
    #[must_use]
    pub fn policy(&self, fields: &Fields) -> Option<&TokenPolicy> {
        let client = self.client(fields)?;
        self.policies
            .iter()
            .find(|policy| policy.id == client.token_policy)
    }

    /// The chosen person; `None` when the sign-in page shall ask.
    #[must_use]
    pub fn person(&self, fields: &Fields) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.profile.uuid == fields.person)
    }

    /// The choices in a few words.
    #[must_use]
    pub fn summary(&self, fields: &Fields) -> String {
        let client = self
            .client(fields)
            .map_or("no client", |client| &client.name);
        let person = self
            .person(fields)
            .map_or("whoever signs in", |person| &person.profile.given_name);
        let scopes = Scope::parse(&fields.draft().scope).scope.len();
        let plural = if scopes == 1 { "" } else { "s" };
        format!("{client}, {person}, {scopes} scope{plural}")
    }

    /// A kept draft, as far as it still fits this sandbox. State, nonce and
    /// verifier are for one use and come from the page.
    #[must_use]
    pub fn adopt(&self, kept: Fields) -> Fields {
        Fields {
            state: self.fields.state.clone(),
            nonce: self.fields.nonce.clone(),
            code_verifier: self.fields.code_verifier.clone(),
            ..self.fitting(kept)
        }
    }

    /// What was composed elsewhere, with a client and a person of this sandbox.
    #[must_use]
    pub fn fitting(&self, kept: Fields) -> Fields {
        let known_client = self.clients.iter().any(|client| client.id == kept.client);
        let known_person = kept.person.is_empty() || self.person(&kept).is_some();
        Fields {
            client: if known_client {
                kept.client
            } else {
                self.fields.client.clone()
            },
            person: if known_person {
                kept.person
            } else {
                self.fields.person.clone()
            },
            ..kept
        }
    }
}
