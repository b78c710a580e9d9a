//! The whole flow, from the authorization request to userinfo.
//! [Core section 3.1](https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth)

use crate::{
    browser::{Browser, Place},
    check::{self, Tokens},
    failure::{Failure, ensure},
    http_client::{Address, Connection},
    jwt::Verifier,
    profile::{Algorithm, Login, SignIn},
    random,
    target::Target,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use form_urlencoded::Serializer;
use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What an application remembers between its request and the answer.
pub(crate) struct Request {
    state: String,
    nonce: String,
    verifier: String,
}

impl Request {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self {
            state: random::key()?,
            nonce: random::key()?,
            verifier: random::key()?,
        })
    }

    pub(crate) fn address(&self, target: &Target, login: &Login) -> Result<Address, Failure> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier));
        let query = Serializer::new(String::new())
            .append_pair("client_id", &login.client_id)
            .append_pair("redirect_uri", &login.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &login.scope)
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .finish();
        Address::parse(&format!("{}?{query}", target.authorize))
    }

    /// The code in the answer, when it is the answer to this request.
    /// [RFC 6749 section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2),
    /// [RFC 9207 section 2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4)
    pub(crate) fn code(&self, target: &Target, url: &str) -> Result<String, Failure> {
        let (_, query) = url.split_once('?').unwrap_or_default();
        let query = query.split('#').next().unwrap_or_default();
        let mut answer: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        if let Some(error) = answer.get("error") {
            return Err(Failure::new(format!("the request was refused: {error}")));
        }
        ensure(
            answer.get("state") == Some(&self.state),
            "the state did not come back",
        )?;
        let issuer = answer.get("iss");
        if issuer.is_some()
            || target
                .metadata
                .authorization_response_iss_parameter_supported
        {
            ensure(
                issuer == Some(&target.metadata.issuer),
                "the answer is another issuer's",
            )?;
        }
        answer
            .remove("code")
            .ok_or_else(|| Failure::new("the answer has no code"))
    }

    /// The form that exchanges the code.
    /// [Core section 3.1.3.1](https://openid.net/specs/openid-connect-core-1_0.html#TokenRequest)
    pub(crate) fn exchange(&self, login: &Login, code: &str) -> String {
        Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("client_id", &login.client_id)
            .append_pair("redirect_uri", &login.redirect_uri)
            .append_pair("code", code)
            .append_pair("code_verifier", &self.verifier)
            .finish()
    }
}

/// Sends an authorization request in a new browser and leaves the sign-in page
/// unanswered.
pub(crate) async fn abandon(
    connection: &mut Connection,
    target: &Target,
    login: &Login,
) -> Result<(), Failure> {
    let address = Request::new()?.address(target, login)?;
    let answer = connection.get(&address, &HeaderMap::new()).await?;
    ensure(
        answer.status.is_redirection()
            && !answer
                .header(header::LOCATION)
                .starts_with(&login.redirect_uri),
        "an authorization request did not lead to a sign-in page",
    )
}

/// Signs a person in, in a new browser, and exchanges the code.
pub(crate) async fn sign_in(
    connection: &mut Connection,
    target: &Target,
    login: &Login,
    how: &SignIn,
) -> Result<Session, Failure> {
    let request = Request::new()?;
    let mut browser = Browser::new(connection, &login.redirect_uri);
    let Place::Page(page) = browser.open(request.address(target, login)?).await? else {
        return Err(Failure::new("nobody was asked to sign in"));
    };
    let Place::Application(url) = browser.sign_in(&page, how).await? else {
        return Err(Failure::new("nobody was sent back to the application"));
    };
    let code = request.code(target, &url)?;
    let form = request.exchange(login, &code);
    let answer = connection
        .post(&target.token, &HeaderMap::new(), form)
        .await?;
    Ok(Session {
        nonce: request.nonce,
        tokens: check::tokens(&answer)?,
    })
}

/// A person who has signed in.
pub(crate) struct Session {
    nonce: String,
    pub(crate) tokens: Tokens,
}

impl Session {
    /// Who it is, by the ID token.
    /// [Core section 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
    pub(crate) fn subject(
        &self,
        login: &Login,
        verifier: &mut Verifier,
    ) -> Result<String, Failure> {
        let token = self
            .tokens
            .id_token
            .as_deref()
            .ok_or_else(|| Failure::new("there is no ID token"))?;
        let claims = verifier.check(token, Algorithm::RS256)?;
        ensure(
            claims.is_for(&login.client_id),
            "the ID token is for another client",
        )?;
        ensure(
            claims.nonce.as_ref() == Some(&self.nonce),
            "the ID token has another nonce",
        )?;
        claims
            .sub
            .ok_or_else(|| Failure::new("the ID token is about nobody"))
    }
}

/// The header that carries an access token.
/// [RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)
pub(crate) fn bearer(token: &str) -> Result<HeaderMap, Failure> {
    let value = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Failure::new("the access token fits into no header"))?;
    Ok([(header::AUTHORIZATION, value)].into_iter().collect())
}
