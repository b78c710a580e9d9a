//! What the Build form and its prediction are made of.

use super::fields::Fields;
use oidc::scope::Scope;
use policy::{release::Facts, token_policy::TokenPolicy};
use serde::{Deserialize, Serialize};

/// What the browser needs to predict, and nothing else: every type that is read
/// there costs bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// What stood in the form when it was made.
    pub fields: Fields,
    /// The clients that sign people in.
    pub clients: Vec<ClientChoice>,
    /// The token policies of those clients.
    pub policies: Vec<TokenPolicy>,
    /// The people of the sandbox: their UUIDs and given names.
    pub people: Vec<(String, String)>,
    /// What the clients' login policies say.
    pub logins: Vec<Login>,
    /// The bundled provider's authorization endpoint.
    pub authorization_endpoint: String,
    /// Where the answer comes back to.
    pub redirect_uri: String,
}

/// A client on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it keeps a secret.
    pub confidential: bool,
    /// The id of its token policy.
    pub token_policy: String,
    /// The place of its login policy in [`Choices::logins`].
    pub login: usize,
}

/// A login policy, as far as it decides over a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The response types it allows.
    pub response_types: Vec<String>,
    /// What there is to tell about each of [`Choices::people`].
    pub facts: Vec<Facts>,
}

impl Choices {
    /// The chosen client; `None` when the sandbox does not have it.
    #[must_use]
    pub fn client(&self, fields: &Fields) -> Option<&ClientChoice> {
        let wanted = fields.get("client");
        self.clients.iter().find(|client| client.id == wanted)
    }

    /// The token policy of the chosen client.
    #[must_use]
    pub fn policy(&self, fields: &Fields) -> Option<&TokenPolicy> {
        let wanted = &self.client(fields)?.token_policy;
        self.policies.iter().find(|policy| policy.id == *wanted)
    }

    /// The login policy of the chosen client.
    #[must_use]
    pub fn login(&self, fields: &Fields) -> Option<&Login> {
        self.logins.get(self.client(fields)?.login)
    }

    /// The place of the chosen person; `None` when the sign-in page shall ask.
    #[must_use]
    pub fn person(&self, fields: &Fields) -> Option<usize> {
        let wanted = fields.get("person");
        self.people.iter().position(|(uuid, _)| uuid == wanted)
    }

    /// The choices in a few words.
    #[must_use]
    pub fn summary(&self, fields: &Fields) -> String {
        let client = self
            .client(fields)
            .map_or("no client", |client| &client.name);
        let person = self
            .person(fields)
            .map_or("whoever signs in", |at| &self.people[at].1);
        let scopes = Scope::parse(&fields.draft().scope).scope.len();
        let plural = if scopes == 1 { "" } else { "s" };
        format!("{client}, {person}, {scopes} scope{plural}")
    }

    /// A kept draft, as far as it still fits this sandbox. State, nonce and
    /// verifier are for one use and come from the page.
    #[must_use]
    pub fn adopt(&self, kept: &Fields) -> Fields {
        let once = ["state", "nonce", "code_verifier"];
        once.iter().fold(self.fitting(kept), |kept, name| {
            kept.with(name, self.fields.get(name))
        })
    }

    /// What was composed elsewhere, with a client and a person of this sandbox.
    #[must_use]
    pub fn fitting(&self, kept: &Fields) -> Fields {
        let mut fitting = kept.clone();
        if self.client(kept).is_none() {
            fitting = fitting.with("client", self.fields.get("client"));
        }
        if !kept.get("person").is_empty() && self.person(kept).is_none() {
            fitting = fitting.with("person", self.fields.get("person"));
        }
        fitting
    }
}

/// Everything the form is made of.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// What stands in the form.
    pub fields: Fields,
    /// The clients that sign people in.
    pub clients: Vec<ClientChoice>,
    /// The token policies of those clients.
    pub policies: Vec<TokenPolicy>,
    /// What the clients' login policies say.
    pub logins: Vec<Login>,
    /// The people of the sandbox.
    pub people: Vec<policy::profile::Person>,
    /// The bundled provider's issuer.
    pub issuer: String,
    /// Its authorization endpoint.
    pub authorization_endpoint: String,
    /// Where the answer comes back to.
    pub redirect_uri: String,
    /// The run whose result stands beside the form.
    pub previous: Option<String>,
}

#[cfg(feature = "ssr")]
impl Workspace {
    /// The response types that the chosen client may ask for.
    #[must_use]
    pub fn response_types(&self) -> Vec<String> {
        let choices = self.choices();
        let login = choices.login(&self.fields);
        login.map_or_else(Vec::new, |login| login.response_types.clone())
    }

    /// What of it the browser needs.
    #[must_use]
    pub fn choices(&self) -> Choices {
        Choices {
            fields: self.fields.clone(),
            clients: self.clients.clone(),
            policies: self.policies.clone(),
            people: self
                .people
                .iter()
                .map(|person| {
                    let profile = &person.profile;
                    (profile.uuid.clone(), profile.given_name.clone())
                })
                .collect(),
            logins: self.logins.clone(),
            authorization_endpoint: self.authorization_endpoint.clone(),
            redirect_uri: self.redirect_uri.clone(),
        }
    }
}
