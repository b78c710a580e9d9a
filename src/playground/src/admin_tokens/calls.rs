//! Making a call of the configuration API with a token, to see what comes.

use super::{AdminTokenError, CallPlace, Held, PlaceCall, TokenStep};
use crate::{ConsoleError, Kept, Playground, SandboxView, fresh};
use diagnosis::admin::{CallMade, Permission, effect, permission};
use oidc::exchange::{CapturedResponse, RecordedExchange};
use policy::{admin_scope, client::ClientKind};
use provider::sandbox::SandboxKey;
use relying_party::{administration::Call, failure::Failure};
use serde_json::{Map, Value, json};

/// A call somebody wants to make with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// The method, in capitals.
    pub method: String,
    /// The path relative to `/{customerId}/`: one of the sandbox's.
    pub path: String,
    /// What is sent; `None` for what fits.
    pub body: Option<String>,
    /// Whether the person was told what it does and wants it.
    pub sure: bool,
}

/// What came of wanting to make a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Tried {
    /// It was made.
    Made(Kept<TokenStep>),
    /// It would do something that cannot be undone by the next click. Nothing was
    /// sent; the person is to be asked.
    AskFirst,
    /// It was made, and took everything in the sandbox away, this token and what
    /// came of the call among it.
    Reset,
}

impl Playground {
    /// Makes a call with a token and keeps what came.
    ///
    /// GET reads; PUT sends back what GET shows, read with a token of the
    /// console's own when this one may not. What makes, changes or removes
    /// something is not sent unless the person is sure, or it will be refused.
    ///
    /// # Errors
    /// When there is no such token or call, or what PUT is to send cannot be read.
    pub async fn try_call(
        &self,
        key: &SandboxKey,
        id: &str,
        trial: Trial,
    ) -> Result<Tried, AdminTokenError> {
        let held = self.held(key, id).await?;
        let lab = self.admin_token_lab(key).await?;
        let call = find(&lab.places, &trial).ok_or(AdminTokenError::UnknownCall)?;
        let (state, _) = self.token_state(&held.customer, &held.access_token).await?;
        let granted = held.token.granted();
        let expected = permission(state, &granted, &trial.method, &trial.path);
        let asks = effect(&trial.method, call.name).is_asked_about();
        if asks && expected.is_allowed() && !trial.sure {
            return Ok(Tried::AskFirst);
        }
        let sent = match (trial.method.as_str(), trial.body) {
            (_, Some(body)) => Sent::of(body),
            ("POST", None) => Sent {
                body: body_of(call.name, &lab.sandbox),
                ..Sent::default()
            },
            ("PUT", None) => self.shown(&held, &trial.path, &expected).await?,
            (_, None) => Sent::default(),
        };
        let wanted = Call {
            method: trial
                .method
                .parse()
                .map_err(|_| AdminTokenError::UnknownCall)?,
            body: sent.body,
            if_match: sent.version,
            ..Call::get(&self.address(&held, &trial.path))
        };
        let token = held.access_token.clone();
        let administration = self.0.relying_party.administration_with(token);
        let answer = administration.call(&wanted).await;
        let is_reset =
            call.name == "resetCustomer" && matches!(&answer, Ok(said) if said.status < 300);
        if is_reset {
            return Ok(Tried::Reset);
        }
        let (status, answer) = said(answer);
        let made = TokenStep::Called(CallMade {
            method: trial.method,
            path: trial.path,
            expected,
            status,
            answer,
            prepared: sent.prepared,
            exchanges: administration.exchanges(),
        });
        Ok(Tried::Made(self.keep(&held.customer, id, made).await?))
    }

    /// What a POST of this call would send, made anew each time: names are taken
    /// once only.
    #[must_use]
    pub fn body_to_try(&self, name: &str, sandbox: &SandboxView) -> Option<String> {
        body_of(name, sandbox)
    }

    /// What GET shows, without what the API adds by itself: read with the token
    /// itself if it may, else with one of the console's own. It is sent back for
    /// the version that was read, so that it cannot undo what somebody else does
    /// meanwhile.
    async fn shown(
        &self,
        held: &Held,
        path: &str,
        expected: &Permission,
    ) -> Result<Sent, AdminTokenError> {
        let reads = admin_scope::allows(&held.token.granted(), "GET", path);
        let reader = if reads && expected.is_allowed() {
            let token = held.access_token.clone();
            Ok(self.0.relying_party.administration_with(token))
        } else {
            self.administer(&held.customer).await
        };
        let reader = match reader {
            Ok(reader) => reader,
            // It will be refused before its body is looked at.
            Err(ConsoleError::LockedOut { exchanges }) if !expected.is_allowed() => {
                return Ok(Sent {
                    prepared: exchanges,
                    ..Sent::of("{}".to_owned())
                });
            }
            Err(error) => return Err(error.into()),
        };
        let answer = reader.call(&Call::get(&self.address(held, path))).await;
        let sent = match answer {
            Ok(answer) if answer.status == 200 => Sent {
                version: etag(&answer),
                ..Sent::of(without_links(&answer.body))
            },
            _ => Sent::of("{}".to_owned()),
        };
        Ok(Sent {
            prepared: reader.exchanges(),
            ..sent
        })
    }

    fn address(&self, held: &Held, path: &str) -> String {
        format!("{}/{path}", self.0.provider.base(&held.customer))
    }
}

/// What a call sends, and what was asked to know it.
#[derive(Default)]
struct Sent {
    body: Option<String>,
    /// The version it is meant for.
    version: Option<String>,
    prepared: Vec<RecordedExchange>,
}

impl Sent {
    fn of(body: String) -> Self {
        Self {
            body: Some(body),
            ..Self::default()
        }
    }
}

fn etag(answer: &CapturedResponse) -> Option<String> {
    let mut headers = answer.headers.iter();
    let found = headers.find(|(name, _)| name == "etag");
    found.map(|(_, value)| value.clone())
}

fn find<'a>(places: &'a [CallPlace], trial: &Trial) -> Option<&'a PlaceCall> {
    let place = places.iter().find(|place| place.path == trial.path)?;
    place.calls.iter().find(|call| call.method == trial.method)
}

fn said(answer: Result<CapturedResponse, Failure>) -> (Option<u16>, String) {
    match answer {
        Ok(response) => (Some(response.status), response.body),
        Err(failure) => (None, failure.to_string()),
    }
}

fn without_links(document: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(document) {
        Ok(mut members) => {
            members.remove("_links");
            Value::Object(members).to_string()
        }
        Err(_) => document.to_owned(),
    }
}

/// What fits a POST that makes something; `None` for one that sends nothing.
fn body_of(name: &str, sandbox: &SandboxView) -> Option<String> {
    let mark: String = fresh::token().chars().take(6).collect();
    let title = format!("Made in the token lab {mark}");
    let body = match name {
        "createTokenPolicy" => json!({ "title": title, "allowedScopes": ["openid"] }),
        "createLoginPolicy" => json!({
            "title": title,
            "identityStoreDetails": {
                "type": "janrainCapture",
                "connectionDetails": { "domain": "https://people.example.com" },
            },
        }),
        "createClient" => {
            let mut clients = sandbox.clients.iter();
            let first = clients.find(|client| client.kind() != ClientKind::Configuration);
            json!({
                "name": title,
                "type": "public",
                "redirectURIs": [sandbox.redirect_uri],
                "loginPolicy": first.and_then(|client| client.login_policy.as_deref()),
                "tokenPolicy": first.map(|client| &client.token_policy),
            })
        }
        "createPerson" => json!({
            "givenName": "Robin",
            "email": format!("robin.{}@example.com", mark.to_lowercase()),
            "password": fresh::token(),
        }),
        "createFault" => json!({
            "name": "slow", "value": 1000, "times": 1, "endpoints": ["userinfo"],
        }),
        _ => return None,
    };
    Some(format!("{body:#}"))
}
