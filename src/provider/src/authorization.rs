//! An authorization request on its way to a code: a chain of stages, each with
//! its own type and only the data that is valid there.
//!
//! [`Received`] → [`KnownClient`] → [`SafeRedirect`] → [`Checked`] →
//! [`Interacted`] → a location. Before [`SafeRedirect`] only a [`PageError`]
//! is possible; from there on only a [`RedirectError`]. So nothing is ever sent
//! to an address that is not registered.
//! [RFC 6749 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1)

use crate::{
    page::PageError,
    provider::{Provider, ProviderError},
    random,
};
use http::StatusCode;
use oidc::{
    authorization::{AuthorizationRequest, append_query},
    error::{ErrorCode, OAuthError},
    pkce::{CodeChallenge, S256},
    scope::{OPENID, Scope},
};
use policy::{
    client::{Client, ClientType},
    grant::grant_login,
    login_policy::LoginPolicy,
};
use store::{Code, Customer, Session};

/// How long a code lives, in seconds.
// Inferred: "a few minutes" (domain notes, section 10).
const CODE_LIFETIME: i64 = 300;

/// A request as it came. Nothing in it is believed.
pub(crate) struct Received<'p> {
    provider: &'p Provider,
    customer: Customer,
    request: AuthorizationRequest,
    /// Parameters that stood there more than once; none of their values counts.
    repeated: Vec<String>,
}

impl<'p> Received<'p> {
    pub(crate) fn new(
        provider: &'p Provider,
        customer: Customer,
        pairs: Vec<(String, String)>,
    ) -> Self {
        let mut repeated: Vec<String> = Vec::new();
        for (index, (name, _)) in pairs.iter().enumerate() {
            let again = pairs[..index].iter().any(|(other, _)| other == name);
            if again && !repeated.contains(name) {
                repeated.push(name.clone());
            }
        }
        let single = pairs
            .into_iter()
            .filter(|(name, _)| !repeated.contains(name));
        Self {
            provider,
            customer,
            request: AuthorizationRequest::from_pairs(single).unwrap_or_default(),
            repeated,
        }
    }

    /// A request that waited for the person. It is checked anew: what it was
    /// checked against may have changed.
    pub(crate) fn again(
        provider: &'p Provider,
        customer: Customer,
        request: AuthorizationRequest,
    ) -> Self {
        Self {
            provider,
            customer,
            request,
            repeated: Vec::new(),
        }
    }

    /// Finds the client.
    pub(crate) async fn know_client(self) -> Result<KnownClient<'p>, PageError> {
        let found = match &self.request.client_id {
            Some(id) => self.provider.store().client(&self.customer.id, id).await,
            None => Ok(None),
        };
        let customer = &self.customer.id;
        let failed = |error: ProviderError| crate::customer::failed(&error, customer);
        let client = found
            .map_err(|error| failed(error.into()))?
            .ok_or_else(|| self.unknown_client())?;
        let Some(login_policy) = &client.login_policy else {
            return Err(self.bad_client(
                "This client cannot sign people in",
                "The client with this id is a configuration client: it has no login policy.",
                "Use the id of a login client.",
            ));
        };
        let login_policy = self
            .provider
            .store()
            .login_policy(customer, login_policy)
            .await
            .map_err(|error| failed(error.into()))?
            .ok_or_else(|| failed(ProviderError::Dangling("the login policy")))?;
        Ok(KnownClient {
            provider: self.provider,
            customer: self.customer,
            request: self.request,
            repeated: self.repeated,
            client,
            login_policy,
        })
    }

    fn unknown_client(&self) -> PageError {
        const NOBODY: &str = "There is no such client";
        const HINT: &str = "Use the id of a login client, which is a UUID.";
        match &self.request.client_id {
            None if self.repeated.iter().any(|name| name == "client_id") => self.bad_client(
                "The client is named more than once",
                "The parameter client_id is there more than once.",
                "Send it once.",
            ),
            None => self.bad_client(
                "The request names no client",
                "The request has no client_id.",
                HINT,
            ),
            // Inferred: application clients have ids of 32 characters, and
            // pasting one here is a known slip (domain notes, section 8).
            Some(id) if id.len() == 32 && id.bytes().all(|b| b.is_ascii_alphanumeric()) => self
                .bad_client(
                    NOBODY,
                    "This looks like the id of an application client, which has 32 characters.",
                    HINT,
                ),
            Some(_) => self.bad_client(NOBODY, "This customer has no client with this id.", HINT),
        }
    }

    fn bad_client(&self, title: &str, explanation: &str, hint: &str) -> PageError {
        let explanation = format!("{explanation} Identity Cloud says `invalid client_id`.");
        PageError::new(
            StatusCode::BAD_REQUEST,
            "invalid_client_id",
            &self.customer.id,
            [title, &explanation, hint],
        )
    }
}

/// A request of a client we know.
pub(crate) struct KnownClient<'p> {
    provider: &'p Provider,
    customer: Customer,
    request: AuthorizationRequest,
    repeated: Vec<String>,
    client: Client,
    login_policy: LoginPolicy,
}

impl<'p> KnownClient<'p> {
    /// Makes sure that the answer goes where the client wants it.
    /// [RFC 9700 section 2.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1)
    pub(crate) fn match_redirect_uri(self) -> Result<SafeRedirect<'p>, PageError> {
        let refuse = |title: &str, explanation: &str, hint: &str| {
            let explanation = format!("{explanation} Identity Cloud says `invalid redirect_uri`.");
            PageError::new(
                StatusCode::BAD_REQUEST,
                "invalid_redirect_uri",
                &self.customer.id,
                [title, &explanation, hint],
            )
        };
        let Some(uri) = &self.request.redirect_uri else {
            return Err(if self.repeated.iter().any(|name| name == "redirect_uri") {
                refuse(
                    "The redirect URI is there more than once",
                    "The parameter redirect_uri is there more than once.",
                    "Send it once.",
                )
            } else {
                refuse(
                    "The request has no redirect URI",
                    "The request has no redirect_uri.",
                    "Send one of the client's redirectURIs.",
                )
            });
        };
        let native = self.client.client_type == ClientType::Public;
        let registered = |own: &String| own == uri || (native && same_loopback(own, uri));
        // What cannot stand in a header cannot be redirected to.
        if !self.client.redirect_uris.iter().any(registered)
            || !uri.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(refuse(
                "The redirect URI is not registered",
                "The client does not list this address in its redirectURIs. They are compared character by character.",
                "Add the address to the client's redirectURIs, or send one that is listed.",
            ));
        }
        let answer = Answer {
            redirect_uri: uri.clone(),
            state: self.request.state.clone(),
            issuer: self.provider.issuer(&self.customer.id),
        };
        Ok(SafeRedirect {
            known: self,
            answer,
        })
    }
}

/// Whether the two differ in nothing but the port of a loopback address.
/// [RFC 8252 section 7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3)
fn same_loopback(registered: &str, requested: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]"].iter().any(|host| {
        let rest = |uri: &str| Some(without_port(uri.strip_prefix(host)?)?.to_owned());
        rest(registered).is_some_and(|own| rest(requested) == Some(own))
    })
}

/// What follows the port, if a port or the end of the host is what comes next.
fn without_port(rest: &str) -> Option<&str> {
    let rest = match rest.strip_prefix(':') {
        Some(port) => {
            let end = port
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(port.len());
            port[..end].parse::<u16>().ok()?;
            &port[end..]
        }
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

/// Where and how the client is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    redirect_uri: String,
    state: Option<String>,
    issuer: String,
}

impl Answer {
    /// The redirect URI with the answer added; a registered query is kept.
    /// [RFC 9207 section 2](https://www.rfc-editor.org/rfc/rfc9207#section-2) for `iss`
    fn location(&self, parameters: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let all = parameters
            .iter()
            .copied()
            .chain(state)
            .chain([("iss", self.issuer.as_str())]);
        append_query(&self.redirect_uri, all)
    }
}

/// A problem the client is told by redirect.
#[derive(Clone, Debug)]
pub(crate) struct RedirectError {
    answer: Answer,
    error: OAuthError,
}

impl RedirectError {
    /// Where the browser goes.
    pub(crate) fn location(&self) -> String {
        let mut parameters = vec![("error", self.error.error.as_str())];
        if let Some(description) = &self.error.error_description {
            parameters.push(("error_description", description));
        }
        self.answer.location(&parameters)
    }

    /// The error code, for the log.
    pub(crate) fn code(&self) -> &str {
        &self.error.error
    }
}

/// A request that may be answered at its redirect URI.
pub(crate) struct SafeRedirect<'p> {
    known: KnownClient<'p>,
    answer: Answer,
}

/// What `prompt` asks for.
/// [Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// A session will do, else the person is asked.
    WhenNeeded,
    /// Nobody is asked.
    None,
    /// The person is asked, session or not.
    Always,
}

impl<'p> SafeRedirect<'p> {
    /// The error with this description.
    pub(crate) fn refuse(&self, code: ErrorCode, description: &str) -> RedirectError {
        self.answer.refuse(code, description)
    }

    /// Checks everything else.
    pub(crate) fn check(self) -> Result<Checked<'p>, RedirectError> {
        if let Some(name) = self.known.repeated.first() {
            return Err(self.refuse(
                ErrorCode::InvalidRequest,
                &format!("The parameter {name} is there more than once"),
            ));
        }
        self.refuse_request_objects()?;
        self.check_response_type()?;
        let requested = self.check_scope()?;
        let code_challenge = self.require_pkce()?;
        let prompt = self.check_prompt()?;
        let max_age = self.check_max_age()?;
        Ok(Checked {
            provider: self.known.provider,
            customer: self.known.customer,
            client: self.known.client,
            nonce: self.known.request.nonce.clone(),
            request: self.known.request,
            answer: self.answer,
            requested,
            code_challenge,
            prompt,
            max_age,
        })
    }

    /// [Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError)
    fn refuse_request_objects(&self) -> Result<(), RedirectError> {
        let request = &self.known.request;
        if request.request.is_some() {
            return Err(self.refuse(
                ErrorCode::RequestNotSupported,
                "The parameter request is not supported",
            ));
        }
        if request.request_uri.is_some() {
            return Err(self.refuse(
                ErrorCode::RequestUriNotSupported,
                "The parameter request_uri is not supported",
            ));
        }
        Ok(())
    }

    fn check_response_type(&self) -> Result<(), RedirectError> {
        let request = &self.known.request;
        let Some(response_type) = &request.response_type else {
            return Err(self.refuse(ErrorCode::InvalidRequest, "response_type is missing"));
        };
        let allowed = &self.known.login_policy.allowed_response_types;
        if response_type != "code" || !allowed.contains(response_type) {
            return Err(self.refuse(
                ErrorCode::UnsupportedResponseType,
                "unsupported response type: the login policy does not allow it",
            ));
        }
        if request
            .response_mode
            .as_deref()
            .is_some_and(|mode| mode != "query")
        {
            return Err(self.refuse(ErrorCode::InvalidRequest, "The only response_mode is query"));
        }
        Ok(())
    }

    /// Only `openid` is demanded. What else is asked for in vain is dropped
    /// later, without an error.
    fn check_scope(&self) -> Result<Scope, RedirectError> {
        let text = self.known.request.scope.as_deref().unwrap_or_default();
        let requested = Scope::parse(text).scope;
        if requested.contains(OPENID) {
            Ok(requested)
        } else {
            Err(self.refuse(ErrorCode::InvalidScope, "Scope must include 'openid'"))
        }
    }

    /// [RFC 7636 section 4.4.1](https://www.rfc-editor.org/rfc/rfc7636#section-4.4.1),
    /// [RFC 9700 section 2.1.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1)
    fn require_pkce(&self) -> Result<Option<CodeChallenge>, RedirectError> {
        let request = &self.known.request;
        let problem = match (&request.code_challenge, &request.code_challenge_method) {
            (None, None) if self.known.client.client_type == ClientType::Public => {
                "code_challenge is missing: a public client must use PKCE"
            }
            (None, None) => return Ok(None),
            (None, Some(_)) => "code_challenge_method is there without code_challenge",
            (Some(challenge), Some(method)) if method == S256 => {
                match CodeChallenge::parse(challenge) {
                    Some(challenge) => return Ok(Some(challenge)),
                    None => "code_challenge must be 43 characters of base64url",
                }
            }
            (Some(_), _) => "code_challenge_method must be S256",
        };
        Err(self.refuse(ErrorCode::InvalidRequest, problem))
    }

    fn check_prompt(&self) -> Result<Prompt, RedirectError> {
        let values: Vec<&str> = self
            .known
            .request
            .prompt
            .as_deref()
            .unwrap_or_default()
            .split(' ')
            .filter(|value| !value.is_empty())
            .collect();
        let mut prompt = Prompt::WhenNeeded;
        for value in &values {
            match *value {
                "none" if values.len() > 1 => {
                    return Err(self.refuse(
                        ErrorCode::InvalidRequest,
                        "prompt none cannot stand beside other values",
                    ));
                }
                "none" => prompt = Prompt::None,
                "login" | "select_account" => prompt = Prompt::Always,
                // Inferred: Hosted Login has no OAuth consent screen (domain
                // notes, section 9), so that there is nothing to ask.
                "consent" => {}
                _ => {
                    return Err(self.refuse(
                        ErrorCode::InvalidRequest,
                        "prompt has a value that is not supported",
                    ));
                }
            }
        }
        Ok(prompt)
    }

    fn check_max_age(&self) -> Result<Option<i64>, RedirectError> {
        let Some(text) = &self.known.request.max_age else {
            return Ok(None);
        };
        match text.parse::<u32>() {
            Ok(seconds) => Ok(Some(i64::from(seconds))),
            Err(_) => Err(self.refuse(
                ErrorCode::InvalidRequest,
                "max_age must be a number of seconds",
            )),
        }
    }
}

impl Answer {
    fn refuse(&self, code: ErrorCode, description: &str) -> RedirectError {
        RedirectError {
            answer: self.clone(),
            error: OAuthError::new(code, description),
        }
    }
}

/// A request nothing is wrong with.
pub(crate) struct Checked<'p> {
    provider: &'p Provider,
    pub(crate) customer: Customer,
    pub(crate) client: Client,
    pub(crate) request: AuthorizationRequest,
    answer: Answer,
    requested: Scope,
    nonce: Option<String>,
    code_challenge: Option<CodeChallenge>,
    prompt: Prompt,
    max_age: Option<i64>,
}

/// Whether the person has to be asked.
pub(crate) enum Turn<'p> {
    /// No: the session is good enough.
    Interacted(Interacted<'p>),
    /// Yes.
    Ask(Checked<'p>),
}

impl<'p> Checked<'p> {
    /// Looks whether the session, if there is one, is good enough.
    /// [Core section 3.1.2.3](https://openid.net/specs/openid-connect-core-1_0.html#Authenticates)
    pub(crate) fn interact(self, session: Option<Session>) -> Result<Turn<'p>, RedirectError> {
        let now = self.provider.now();
        let fresh = session.filter(|session| {
            self.max_age
                .is_none_or(|seconds| seconds > 0 && now.since(session.auth_time) <= seconds)
        });
        match (self.prompt, fresh) {
            (Prompt::None, None) => Err(self.answer.refuse(
                ErrorCode::LoginRequired,
                "prompt is none and nobody is signed in recently enough",
            )),
            (Prompt::None | Prompt::WhenNeeded, Some(session)) => {
                Ok(Turn::Interacted(self.signed_in(session)))
            }
            (Prompt::WhenNeeded, None) | (Prompt::Always, _) => Ok(Turn::Ask(self)),
        }
    }

    /// The person has just signed in.
    pub(crate) fn signed_in(self, session: Session) -> Interacted<'p> {
        Interacted {
            checked: self,
            session,
        }
    }

    /// The person does not want to.
    pub(crate) fn cancelled(&self) -> RedirectError {
        self.answer
            .refuse(ErrorCode::AccessDenied, "The person cancelled the sign-in")
    }

    /// Logs a failure once and turns it into the redirect it becomes.
    pub(crate) fn failed(&self, error: &ProviderError) -> RedirectError {
        tracing::error!(customer = self.customer.id, %error, "the provider failed");
        self.answer.refuse(
            ErrorCode::ServerError,
            "The provider could not read or write its data",
        )
    }
}

/// A request and who signed in for it.
pub(crate) struct Interacted<'p> {
    checked: Checked<'p>,
    session: Session,
}

impl Interacted<'_> {
    /// Makes the code and says where the browser takes it.
    ///
    /// What is granted is decided here, by the token policy as it stands now.
    pub(crate) async fn issue(self) -> Result<String, RedirectError> {
        let code = random::key();
        self.keep(&code)
            .await
            .map_err(|error| self.checked.failed(&error))?;
        tracing::info!(
            customer = self.checked.customer.id,
            client = self.checked.client.id,
            "issued a code"
        );
        Ok(self.checked.answer.location(&[("code", &code)]))
    }

    async fn keep(&self, code: &str) -> Result<(), ProviderError> {
        let Checked {
            provider,
            customer,
            client,
            ..
        } = &self.checked;
        let policy = provider
            .store()
            .token_policy(&customer.id, &client.token_policy)
            .await?
            .ok_or(ProviderError::Dangling("the token policy"))?;
        let now = provider.now();
        let kept = Code {
            customer_id: customer.id.clone(),
            client_id: client.id.clone(),
            person_id: self.session.person_id.clone(),
            redirect_uri: self.checked.answer.redirect_uri.clone(),
            scope: grant_login(&self.checked.requested, &policy).scope,
            requested: self.checked.requested.clone(),
            nonce: self.checked.nonce.clone(),
            code_challenge: self
                .checked
                .code_challenge
                .as_ref()
                .map(|challenge| challenge.as_str().to_owned()),
            auth_time: self.session.auth_time,
            sid: Some(self.session.sid.clone()),
            grant_id: random::key(),
            issued_at: now,
            expires_at: now.plus(CODE_LIFETIME),
        };
        provider.store().insert_code(code, &kept).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_a_loopback_address_is_free() {
        let check = |registered: &str, requested: &str, expected: bool| {
            assert_eq!(
                same_loopback(registered, requested),
                expected,
                "{registered} {requested}"
            );
        };
        check("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", true);
        check("http://127.0.0.1:80/cb", "http://127.0.0.1:1/cb", true);
        check("http://[::1]/cb", "http://[::1]:8080/cb", true);
        check("http://127.0.0.1", "http://127.0.0.1:8080", true);
        check("http://127.0.0.1/cb", "http://127.0.0.1:8080/other", false);
        check("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", false);
        check("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false);
        check(
            "http://127.0.0.1/cb",
            "http://127.0.0.1:1@evil.example/cb",
            false,
        );
        check(
            "http://127.0.0.1/cb",
            "http://127.0.0.1.evil.example/cb",
            false,
        );
        check("http://127.0.0.1/cb", "https://127.0.0.1:8080/cb", false);
        check("http://localhost/cb", "http://localhost:8080/cb", false);
        check("http://127.0.0.1/cb", "http://[::1]/cb", false);
    }
}
