//! What can be done with tokens once they are there: refresh, introspect,
//! revoke, and ask userinfo.

use crate::{
    failure::Failure,
    flow::{self, RelyingParty},
    recorder::Recorder,
    verify,
};
use ::http::{Request, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth2::url::form_urlencoded;
use oidc::{
    exchange::{CapturedResponse, RecordedExchange, Step},
    jwt::Jwt,
    verification::Check,
};
use std::sync::Arc;

/// Who asks. Holds a secret, and so cannot be printed.
#[derive(Clone)]
pub struct ClientCredentials {
    /// The client's id.
    pub id: String,
    /// Its secret; a public client has none.
    pub secret: Option<String>,
}

/// A request, and the answer to it. A refusal is an answer. Holds tokens, and so
/// cannot be printed.
#[derive(Clone)]
pub struct Asked {
    /// What went over the wire.
    pub exchanges: Vec<RecordedExchange>,
    /// What came back, or why nothing did.
    pub answer: Result<CapturedResponse, Failure>,
}

/// Whether one of the keys in a JSON Web Key Set, as an answer holds it, signed
/// this access token. `None` when it is no JWT, or the keys cannot be read.
#[must_use]
pub fn access_token_signature(access_token: &str, key_set: &str) -> Option<Check> {
    let jwt = Jwt::decode(access_token).ok()?;
    let keys = serde_json::from_str(key_set).ok()?;
    Some(verify::access_token_signature(&jwt, &keys))
}

impl RelyingParty {
    /// Asks for new tokens; with `scope`, for ones that may do less.
    /// [RFC 6749 section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6)
    pub async fn refresh(
        &self,
        endpoint: &str,
        client: &ClientCredentials,
        refresh_token: &str,
        scope: Option<&str>,
    ) -> Asked {
        let mut pairs = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        pairs.extend(scope.map(|scope| ("scope", scope)));
        self.post(Step::Refresh, endpoint, client, &pairs).await
    }

    /// Asks what a token is.
    /// [RFC 7662 section 2](https://www.rfc-editor.org/rfc/rfc7662#section-2)
    pub async fn introspect(
        &self,
        endpoint: &str,
        client: &ClientCredentials,
        token: &str,
    ) -> Asked {
        self.post(Step::Introspection, endpoint, client, &[("token", token)])
            .await
    }

    /// Makes a token worthless.
    /// [RFC 7009 section 2](https://www.rfc-editor.org/rfc/rfc7009#section-2)
    pub async fn revoke(&self, endpoint: &str, client: &ClientCredentials, token: &str) -> Asked {
        self.post(Step::Revocation, endpoint, client, &[("token", token)])
            .await
    }

    /// Asks userinfo with an access token.
    /// [Core section 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)
    pub async fn userinfo(&self, endpoint: &str, access_token: &str) -> Asked {
        let recorder = Recorder::new(Arc::clone(&self.http));
        let answer = flow::get(endpoint, Some(access_token), Step::UserInfo, &recorder).await;
        Asked {
            exchanges: recorder.exchanges(),
            answer,
        }
    }

    /// Posts a form. A client with a secret proves itself in the header, one
    /// without names itself in the body.
    /// [RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)
    async fn post(
        &self,
        step: Step,
        endpoint: &str,
        client: &ClientCredentials,
        pairs: &[(&str, &str)],
    ) -> Asked {
        let recorder = Recorder::new(Arc::clone(&self.http));
        let answer = match form_request(endpoint, client, pairs) {
            Ok(request) => flow::send(request, step, &recorder).await,
            Err(error) => Err(flow::bad_address(step, &error)),
        };
        Asked {
            exchanges: recorder.exchanges(),
            answer,
        }
    }
}

fn form_request(
    endpoint: &str,
    client: &ClientCredentials,
    pairs: &[(&str, &str)],
) -> Result<Request<Vec<u8>>, ::http::Error> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    let mut request = Request::post(endpoint)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    match &client.secret {
        Some(secret) => request = request.header(header::AUTHORIZATION, basic(client, secret)),
        None => {
            form.append_pair("client_id", &client.id);
        }
    }
    request.body(form.finish().into_bytes())
}

/// Id and secret for the header, each encoded as in a form first.
fn basic(client: &ClientCredentials, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(&client.id), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}

#[cfg(test)]
mod tests {
    use super::{ClientCredentials, basic};

    #[test]
    fn id_and_secret_are_encoded_as_in_a_form() {
        let client = ClientCredentials {
            id: "a b".to_owned(),
            secret: None,
        };
        // printf 'a+b:c%%3Ad%%25' | base64
        assert_eq!(basic(&client, "c:d%"), "Basic YStiOmMlM0FkJTI1");
    }
}
