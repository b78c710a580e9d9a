//! What must be known of a server before it can be measured.

use crate::cli::Servers;
use anyhow::Context as _;
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fs, path::Path};

/// A server, as it describes itself or is described. What it cannot do is left
/// out, and then not measured.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Profile {
    /// What it is called in the table.
    pub(crate) name: String,
    /// Its issuer identifier; discovery tells the rest.
    pub(crate) issuer: String,
    /// Its process, when it is on this machine.
    pub(crate) pid: Option<u32>,
    /// A client that gets opaque access tokens by `client_credentials`.
    pub(crate) machine: Option<Machine>,
    /// By algorithm, a client that gets signed ones.
    #[serde(default)]
    pub(crate) signed: BTreeMap<Algorithm, Machine>,
    /// A public client and how a person signs in to it.
    pub(crate) login: Option<Login>,
    /// Our configuration API, where it is ours: `machine` may use it.
    pub(crate) configuration: Option<String>,
}

/// What access tokens are signed with.
/// [RFC 7518 section 3.1](https://www.rfc-editor.org/rfc/rfc7518#section-3.1),
/// [RFC 8037 section 3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1)
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    RS256,
    ES256,
    EdDSA,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 3] = [Self::RS256, Self::ES256, Self::EdDSA];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
            Self::EdDSA => "EdDSA",
        }
    }
}

/// A confidential client.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Machine {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// The scope it asks for.
    #[serde(default)]
    pub(crate) scope: String,
}

/// A public client and its person.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Login {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    /// A sign-in that compares no password, so that it costs what it costs
    /// elsewhere.
    pub(crate) chosen: Option<SignIn>,
    /// A sign-in whose password is compared with a slow hash.
    pub(crate) password: Option<SignIn>,
}

/// How the sign-in page is answered.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SignIn {
    /// Values of the form's fields.
    Fill(BTreeMap<String, String>),
    /// The name of a button; the first one so called is pressed.
    Press(String),
}

/// What `oidc-playground demo --json` prints, as far as it is needed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Demo {
    issuer: String,
    clients: Vec<DemoClient>,
    people: Vec<DemoPerson>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DemoClient {
    id: String,
    secret: Option<String>,
    #[serde(rename = "redirectURIs")]
    redirect_uris: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct DemoPerson {
    email: String,
    password: String,
}

impl Servers {
    /// Everything that was named on the command line, ours first.
    pub(crate) fn profiles(&self) -> anyhow::Result<Vec<Profile>> {
        let mut profiles = Vec::new();
        if let Some(file) = &self.demo {
            let demo: Demo = read(file)?;
            profiles.push(demo.profile(self.pid)?);
        }
        for file in &self.profile {
            profiles.push(read(file)?);
        }
        if let (Some(issuer), Some(client)) = (&self.issuer, &self.client) {
            profiles.push(self.other(issuer, client));
        }
        anyhow::ensure!(
            !profiles.is_empty(),
            "Say which server: --demo, --profile or --issuer."
        );
        Ok(profiles)
    }

    fn other(&self, issuer: &str, client: &str) -> Profile {
        Profile {
            name: "other".to_owned(),
            issuer: issuer.trim_end_matches('/').to_owned(),
            pid: None,
            machine: Some(Machine {
                id: client.to_owned(),
                secret: self.secret.clone(),
                scope: self.scope.clone(),
            }),
            signed: BTreeMap::new(),
            login: None,
            configuration: None,
        }
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} does not fit", file.display()))
}

impl Demo {
    /// Knows the clients by what they are: the login client without a secret,
    /// and the configuration client, which nobody is sent back to.
    fn profile(&self, pid: Option<u32>) -> anyhow::Result<Profile> {
        let public = self
            .clients
            .iter()
            .find(|client| client.secret.is_none())
            .context("the demo has no public client")?;
        let redirect_uri = public
            .redirect_uris
            .iter()
            .find(|uri| uri.starts_with("http://127.0.0.1/"))
            .context("the demo's public client has no redirect URI on loopback")?;
        let person = self.people.first().context("the demo has no person")?;
        let fields = [("email", &person.email), ("password", &person.password)];
        Ok(Profile {
            name: "ours".to_owned(),
            issuer: self.issuer.clone(),
            pid,
            machine: Some(self.machine()?),
            signed: BTreeMap::new(),
            login: Some(Login {
                client_id: public.id.clone(),
                redirect_uri: redirect_uri.clone(),
                scope: "openid profile".to_owned(),
                chosen: Some(SignIn::Press("person".to_owned())),
                password: Some(SignIn::Fill(
                    fields
                        .map(|(name, value)| (name.to_owned(), value.clone()))
                        .into(),
                )),
            }),
            configuration: Some(format!("{}/config", self.issuer.trim_end_matches("/login"))),
        })
    }

    /// The configuration client.
    fn machine(&self) -> anyhow::Result<Machine> {
        let client = self
            .clients
            .iter()
            .find(|client| client.redirect_uris.is_empty())
            .context("the demo has no configuration client")?;
        Ok(Machine {
            id: client.id.clone(),
            secret: client
                .secret
                .clone()
                .context("the demo's configuration client has no secret")?,
            scope: "*:config/**".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_demo_becomes_a_profile() {
        let demo = json!({
            "issuer": "http://127.0.0.1:1/c/login",
            "clients": [
                {"id": "public", "redirectURIs": ["http://127.0.0.1/callback"]},
                {"id": "admin", "secret": "s", "redirectURIs": []}
            ],
            "people": [{"email": "a@example.com", "password": "password"}]
        });
        let demo: Demo = serde_json::from_value(demo).unwrap();
        let profile = demo.profile(Some(7)).unwrap();
        let machine = profile.machine.unwrap();
        assert_eq!(
            (machine.id.as_str(), machine.secret.as_str()),
            ("admin", "s")
        );
        assert_eq!(
            profile.configuration.as_deref(),
            Some("http://127.0.0.1:1/c/config")
        );
        let login = profile.login.unwrap();
        assert_eq!(login.redirect_uri, "http://127.0.0.1/callback");
        assert_eq!(login.chosen, Some(SignIn::Press("person".to_owned())));
    }

    #[test]
    fn a_profile_says_how_its_page_is_answered() {
        let profile: Profile = serde_json::from_value(json!({
            "name": "peer", "issuer": "http://127.0.0.1:1",
            "signed": {"EdDSA": {"id": "m", "secret": "s"}},
            "login": {
                "clientId": "c", "redirectUri": "http://127.0.0.1/callback", "scope": "openid",
                "chosen": {"fill": {"login": "alice"}}
            }
        }))
        .unwrap();
        assert_eq!(
            profile.login.unwrap().chosen,
            Some(SignIn::Fill(
                [("login".to_owned(), "alice".to_owned())].into()
            ))
        );
        let misspelt = json!({"name": "peer", "issuer": "x", "singed": {}});
        assert!(serde_json::from_value::<Profile>(misspelt).is_err());
    }
}
