//! Somebody who does the same thing again and again.

use crate::{
    check, discovery,
    discovery::Metadata,
    failure::{Failure, ensure},
    http_client::{Address, Connection},
    jwt::Verifier,
    login::{self, bearer},
    profile::{Algorithm, Login, Machine, SignIn},
    scenario::Scenario,
    target::Target,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use form_urlencoded::{Serializer, byte_serialize};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::Bytes;

/// One of those who keep the server busy, with a connection of their own.
pub(crate) struct User {
    target: Target,
    connection: Connection,
    verifier: Verifier,
    work: Work,
}

/// What they do, with all that was made ready beforehand.
enum Work {
    /// Fetches a document, which must be the same each time.
    Document { address: Address, expected: Bytes },
    /// Gets a token by `client_credentials`.
    Machine {
        headers: HeaderMap,
        form: Bytes,
        client: String,
        algorithm: Option<Algorithm>,
    },
    /// Goes through a whole flow.
    Flow { login: Login, how: SignIn },
    /// Exchanges the refresh token.
    Refresh { client: String, token: String },
    /// Introspects a token.
    Introspection {
        headers: HeaderMap,
        form: Bytes,
        client: String,
    },
    /// Asks userinfo.
    UserInfo { headers: HeaderMap, subject: String },
}

/// Never offered, so never asked for: a server without what a scenario needs.
fn missing() -> Failure {
    Failure::new("the server does not offer this")
}

impl User {
    /// Makes ready what the scenario needs, tokens for example.
    pub(crate) async fn new(target: &Target, scenario: Scenario) -> Result<Self, Failure> {
        let mut user = Self {
            target: target.clone(),
            connection: target.connection(),
            verifier: target.verifier(),
            work: Work::Refresh {
                client: String::new(),
                token: String::new(),
            },
        };
        user.work = user.prepare(scenario).await?;
        Ok(user)
    }

    async fn prepare(&mut self, scenario: Scenario) -> Result<Work, Failure> {
        let target = self.target.clone();
        let login = target.profile.login.as_ref();
        let chosen = login.and_then(|login| login.chosen.as_ref());
        match scenario {
            Scenario::Discovery => {
                let answer = self.document(&target.discovery).await?;
                Metadata::read(&answer, &target.profile.issuer)?;
                Ok(Work::Document {
                    address: target.discovery.clone(),
                    expected: answer.body,
                })
            }
            Scenario::Jwks => {
                let answer = self.document(&target.jwks).await?;
                discovery::key_set(&answer)?;
                Ok(Work::Document {
                    address: target.jwks.clone(),
                    expected: answer.body,
                })
            }
            Scenario::Opaque | Scenario::Rs256 | Scenario::Es256 | Scenario::EdDsa => {
                let machine = target.machine(scenario).ok_or_else(missing)?;
                Ok(Work::machine(machine, scenario.algorithm())?)
            }
            Scenario::Flow => Ok(Work::Flow {
                login: login.ok_or_else(missing)?.clone(),
                how: chosen.ok_or_else(missing)?.clone(),
            }),
            Scenario::FlowPassword => {
                let login = login.ok_or_else(missing)?;
                Ok(Work::Flow {
                    login: login.clone(),
                    how: login.password.clone().ok_or_else(missing)?,
                })
            }
            Scenario::Refresh => self.refresh(login.ok_or_else(missing)?, chosen).await,
            Scenario::UserInfo => self.userinfo(login.ok_or_else(missing)?, chosen).await,
            Scenario::Introspection => {
                let machine = target.machine(scenario).ok_or_else(missing)?;
                self.introspection(machine).await
            }
        }
    }

    async fn document(&mut self, address: &Address) -> Result<crate::http_client::Answer, Failure> {
        self.connection.get(address, &HeaderMap::new()).await
    }

    async fn refresh(&mut self, login: &Login, how: Option<&SignIn>) -> Result<Work, Failure> {
        let how = how.ok_or_else(missing)?;
        let session = login::sign_in(&mut self.connection, &self.target, login, how).await?;
        Ok(Work::Refresh {
            client: login.client_id.clone(),
            token: session
                .tokens
                .refresh_token
                .ok_or_else(|| Failure::new("there is no refresh token"))?,
        })
    }

    async fn userinfo(&mut self, login: &Login, how: Option<&SignIn>) -> Result<Work, Failure> {
        let how = how.ok_or_else(missing)?;
        let session = login::sign_in(&mut self.connection, &self.target, login, how).await?;
        Ok(Work::UserInfo {
            headers: bearer(&session.tokens.access_token)?,
            subject: session.subject(login, &mut self.verifier)?,
        })
    }

    async fn introspection(&mut self, machine: &Machine) -> Result<Work, Failure> {
        self.work = Work::machine(machine, None)?;
        let token = self.machine_token().await?;
        Ok(Work::Introspection {
            headers: basic(machine)?,
            form: Serializer::new(String::new())
                .append_pair("token", &token)
                .finish()
                .into(),
            client: machine.id.clone(),
        })
    }

    /// Does it once.
    pub(crate) async fn once(&mut self) -> Result<(), Failure> {
        match &mut self.work {
            Work::Document { address, expected } => {
                let answer = self.connection.get(address, &HeaderMap::new()).await?;
                ensure(
                    answer.status == StatusCode::OK && answer.body == *expected,
                    "a document came back otherwise than before",
                )
            }
            Work::Machine { .. } => self.machine_token().await.map(drop),
            Work::Flow { login, how } => {
                let session =
                    login::sign_in(&mut self.connection, &self.target, login, how).await?;
                let subject = session.subject(login, &mut self.verifier)?;
                let address = self.target.userinfo.as_ref().ok_or_else(missing)?;
                let headers = bearer(&session.tokens.access_token)?;
                let answer = self.connection.get(address, &headers).await?;
                check::userinfo(&answer, &subject)
            }
            Work::Refresh { client, token } => {
                let form = Serializer::new(String::new())
                    .append_pair("grant_type", "refresh_token")
                    .append_pair("client_id", client)
                    .append_pair("refresh_token", token)
                    .finish();
                let headers = HeaderMap::new();
                let answer = self
                    .connection
                    .post(&self.target.token, &headers, form)
                    .await?;
                let next = check::tokens(&answer)?
                    .refresh_token
                    .ok_or_else(|| Failure::new("there is no next refresh token"))?;
                ensure(next != *token, "the refresh token was not replaced")?;
                *token = next;
                Ok(())
            }
            Work::Introspection {
                headers,
                form,
                client,
            } => {
                let address = self.target.introspection.as_ref().ok_or_else(missing)?;
                let answer = self.connection.post(address, headers, form.clone()).await?;
                check::introspection(&answer, client)
            }
            Work::UserInfo { headers, subject } => {
                let address = self.target.userinfo.as_ref().ok_or_else(missing)?;
                let answer = self.connection.get(address, headers).await?;
                check::userinfo(&answer, subject)
            }
        }
    }

    /// A new token by `client_credentials`.
    async fn machine_token(&mut self) -> Result<String, Failure> {
        let Work::Machine {
            headers,
            form,
            client,
            algorithm,
        } = &self.work
        else {
            return Err(missing());
        };
        let answer = self
            .connection
            .post(&self.target.token, headers, form.clone())
            .await?;
        let token = check::tokens(&answer)?.access_token;
        match algorithm {
            None => ensure(!token.contains('.'), "an access token is not opaque")?,
            Some(algorithm) => {
                let claims = self.verifier.check(&token, *algorithm)?;
                ensure(
                    claims.client_id.is_none_or(|id| id == *client),
                    "an access token is another client's",
                )?;
            }
        }
        Ok(token)
    }
}

impl Work {
    /// [RFC 6749 section 4.4.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.4.2)
    fn machine(machine: &Machine, algorithm: Option<Algorithm>) -> Result<Self, Failure> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !machine.scope.is_empty() {
            form.append_pair("scope", &machine.scope);
        }
        Ok(Self::Machine {
            headers: basic(machine)?,
            form: form.finish().into(),
            client: machine.id.clone(),
            algorithm,
        })
    }
}

/// The header that proves a client.
/// [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)
pub(crate) fn basic(machine: &Machine) -> Result<HeaderMap, Failure> {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(&machine.id), encode(&machine.secret));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|_| Failure::new("the client's secret fits into no header"))?;
    value.set_sensitive(true);
    Ok([(header::AUTHORIZATION, value)].into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{self, Lie};

    /// Does the scenario twice at a server that lies in one thing.
    async fn outcome(lie: Lie, scenario: Scenario) -> Result<(), Failure> {
        let target = Target::find(stub::start(lie).await).await?;
        assert!(target.offers(scenario), "{scenario:?}");
        let mut user = User::new(&target, scenario).await?;
        user.once().await?;
        user.once().await
    }

    #[tokio::test]
    async fn a_right_server_makes_no_errors() {
        for scenario in Scenario::ALL {
            if !matches!(scenario, Scenario::Es256 | Scenario::EdDsa) {
                assert_eq!(
                    outcome(Lie::Nothing, scenario).await,
                    Ok(()),
                    "{scenario:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn every_lie_is_an_error() {
        for (lie, scenario, expected) in [
            (
                Lie::Document,
                Scenario::Discovery,
                "a document came back otherwise than before",
            ),
            (Lie::State, Scenario::Flow, "the state did not come back"),
            (
                Lie::Issuer,
                Scenario::Flow,
                "the answer is another issuer's",
            ),
            (
                Lie::Nonce,
                Scenario::FlowPassword,
                "the ID token has another nonce",
            ),
            (
                Lie::Subject,
                Scenario::Flow,
                "userinfo is about somebody else",
            ),
            (
                Lie::Subject,
                Scenario::UserInfo,
                "userinfo is about somebody else",
            ),
            (
                Lie::Opaque,
                Scenario::Opaque,
                "an access token is not opaque",
            ),
            (
                Lie::Rotation,
                Scenario::Refresh,
                "the refresh token was not replaced",
            ),
            (
                Lie::Inactive,
                Scenario::Introspection,
                "introspection calls a good token inactive",
            ),
        ] {
            let failure = outcome(lie, scenario).await.unwrap_err();
            assert_eq!(failure.to_string(), expected, "{lie:?}");
        }
    }

    #[tokio::test]
    async fn what_a_server_cannot_do_is_not_asked_of_it() {
        let mut profile = stub::start(Lie::Nothing).await;
        profile.login = None;
        profile.machine = None;
        let target = Target::find(profile).await.unwrap();
        let offered: Vec<Scenario> = Scenario::ALL
            .into_iter()
            .filter(|scenario| target.offers(*scenario))
            .collect();
        assert_eq!(
            offered,
            [Scenario::Discovery, Scenario::Jwks, Scenario::Rs256]
        );
    }
}
