//! `oidc-playground demo`: what a script needs to know of the demo customer.

use crate::{
    cli::DemoOptions,
    config::{ConfigError, PublicUrl},
};
use policy::{
    client::{Client, ClientType},
    profile::Person,
    token_policy::TokenPolicy,
};
use provider::seed::Seed;
use serde::Serialize;
use std::fmt;

/// The demo customer, as the command prints it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Demo {
    issuer: String,
    clients: Vec<DemoClient>,
    people: Vec<DemoPerson>,
    token_policies: Vec<TokenPolicy>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DemoClient {
    id: String,
    name: String,
    #[serde(rename = "type")]
    client_type: ClientType,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[serde(rename = "redirectURIs")]
    redirect_uris: Vec<String>,
    token_policy: String,
}

#[derive(Debug, Serialize)]
struct DemoPerson {
    name: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    password: String,
    description: String,
}

impl Demo {
    /// The demo customer of a server with this public URL.
    #[must_use]
    pub fn of(public_url: &PublicUrl) -> Self {
        let seed = Seed::demo(public_url.as_str());
        let password = seed.password;
        Self {
            issuer: format!("{public_url}/{}/login", seed.customer_id),
            clients: seed.clients.into_iter().map(DemoClient::from).collect(),
            people: seed
                .people
                .into_iter()
                .map(|person| DemoPerson::new(person, &password))
                .collect(),
            token_policies: seed.token_policies,
        }
    }
}

impl From<Client> for DemoClient {
    fn from(client: Client) -> Self {
        Self {
            id: client.id,
            name: client.name,
            client_type: client.client_type,
            secret: client.secret,
            redirect_uris: client.redirect_uris,
            token_policy: client.token_policy,
        }
    }
}

impl DemoPerson {
    fn new(person: Person, password: &str) -> Self {
        Self {
            name: person.profile.full_name(),
            email: person.profile.email,
            username: person.username,
            password: password.to_owned(),
            description: person.description,
        }
    }
}

/// For people: the same as in JSON, as a table.
impl fmt::Display for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Issuer\n  {}", self.issuer)?;
        writeln!(f, "\nClients")?;
        for client in &self.clients {
            let policy = self
                .token_policies
                .iter()
                .find(|policy| policy.id == client.token_policy)
                .map_or("", |policy| policy.title.as_str());
            writeln!(f, "  {} ({})", client.name, client.client_type.as_str())?;
            writeln!(f, "    id            {}", client.id)?;
            if let Some(secret) = &client.secret {
                writeln!(f, "    secret        {secret}")?;
            }
            for uri in &client.redirect_uris {
                writeln!(f, "    redirect URI  {uri}")?;
            }
            writeln!(f, "    token policy  {policy}")?;
        }
        writeln!(f, "\nPeople")?;
        let width = self
            .people
            .iter()
            .map(|person| person.email.len())
            .max()
            .unwrap_or_default();
        for person in &self.people {
            write!(f, "  {:width$}  {}", person.email, person.password)?;
            match &person.username {
                Some(username) => writeln!(f, "  (or just `{username}`)")?,
                None => writeln!(f)?,
            }
        }
        writeln!(f, "\nToken policies")?;
        for policy in &self.token_policies {
            writeln!(f, "  {}  {}", policy.id, policy.title)?;
            writeln!(f, "    allowed scopes  {}", policy.allowed_scopes)?;
        }
        Ok(())
    }
}

/// What the command prints.
///
/// # Errors
/// When the public URL cannot be used.
pub fn run(options: &DemoOptions) -> Result<String, ConfigError> {
    let demo = Demo::of(&PublicUrl::parse(&options.public_url)?);
    if !options.json {
        return Ok(demo.to_string());
    }
    // Nothing in it can fail to be written as JSON.
    let json = serde_json::to_string_pretty(&demo).unwrap_or_default();
    Ok(json + "\n")
}
