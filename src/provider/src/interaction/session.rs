//! The browser's sign-in session.

use crate::{
    cookie,
    provider::{Provider, ProviderError},
    random,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use policy::profile::Person;
use sha2::{Digest as _, Sha256};
use store::Session;
use subtle::ConstantTimeEq as _;

/// How long a sign-in is remembered, in seconds: half a day.
const SESSION_LIFETIME: i64 = 43_200;

impl Provider {
    /// Signs a person in as if they had been chosen on the sign-in page, and
    /// returns the `Set-Cookie` value; `None` when there is no such person.
    /// The caller must have made sure that the visitor owns the customer.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_in(
        &self,
        customer: &str,
        person: &str,
    ) -> Result<Option<String>, ProviderError> {
        match self.store().person(customer, person).await? {
            None => Ok(None),
            Some(person) => {
                let (_, cookie) = self.begin_session(customer, &person, None).await?;
                Ok(Some(cookie))
            }
        }
    }

    /// Makes a session under a key nobody had before. The browser's former
    /// session, if there is one, ends: no session survives a sign-in.
    pub(super) async fn begin_session(
        &self,
        customer: &str,
        person: &Person,
        headers: Option<&HeaderMap>,
    ) -> Result<(Session, String), ProviderError> {
        let base = cookie::session(customer);
        if let Some(headers) = headers {
            for key in cookie::values(headers, &base, self.secure()) {
                self.store().delete_session(customer, key).await?;
            }
        }
        let now = self.now();
        let session = Session {
            customer_id: customer.to_owned(),
            person_id: person.profile.uuid.clone(),
            sid: random::key(),
            auth_time: now,
            expires_at: now.plus(SESSION_LIFETIME),
        };
        let key = random::key();
        self.store().insert_session(&key, &session).await?;
        tracing::info!(customer, person = session.person_id, "signed in");
        Ok((session, cookie::set(&base, &key, self.secure(), None)))
    }

    /// The browser's session, if it is still good.
    pub(crate) async fn session(
        &self,
        customer: &str,
        headers: &HeaderMap,
    ) -> Result<Option<Session>, ProviderError> {
        let found = self.session_with_key(customer, headers).await?;
        Ok(found.map(|(session, _)| session))
    }

    async fn session_with_key(
        &self,
        customer: &str,
        headers: &HeaderMap,
    ) -> Result<Option<(Session, String)>, ProviderError> {
        let base = cookie::session(customer);
        for key in cookie::values(headers, &base, self.secure()) {
            if let Some(session) = self.store().session(customer, key, self.now()).await? {
                return Ok(Some((session, key.to_owned())));
            }
        }
        Ok(None)
    }

    /// The browser's session and whose it is.
    pub(crate) async fn signed_in(
        &self,
        customer: &str,
        headers: &HeaderMap,
    ) -> Result<Option<SignedIn>, ProviderError> {
        let Some((session, key)) = self.session_with_key(customer, headers).await? else {
            return Ok(None);
        };
        let person = self.store().person(customer, &session.person_id).await?;
        Ok(person.map(|person| SignedIn {
            session,
            person,
            key,
        }))
    }

    /// Ends the browser's session, and with `everywhere`, the `sid` of a session,
    /// all of that person's as well. Returns the `Set-Cookie` value that takes
    /// the key from the browser.
    ///
    /// Tokens live on, as Hosted Login's do.
    pub(crate) async fn end_session(
        &self,
        customer: &str,
        headers: &HeaderMap,
        everywhere: Option<&str>,
    ) -> Result<String, ProviderError> {
        // First, because the person is found by a session.
        let others = match everywhere {
            Some(sid) => self.store().delete_sessions_by_sid(customer, sid).await?,
            None => 0,
        };
        let base = cookie::session(customer);
        for key in cookie::values(headers, &base, self.secure()) {
            self.store().delete_session(customer, key).await?;
        }
        tracing::info!(customer, others, "signed out");
        Ok(cookie::set(&base, "", self.secure(), Some(0)))
    }
}

/// Somebody who signed in in this browser.
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    pub(crate) person: Person,
    key: String,
}

impl SignedIn {
    /// What a form must bring along: it follows from the session's key and tells
    /// nothing about it, so that no other site knows it and no other session
    /// can use it.
    pub(crate) fn form_token(&self) -> String {
        let digest = Sha256::new()
            .chain_update(b"oidc-playground form\0")
            .chain_update(&self.key)
            .finalize();
        URL_SAFE_NO_PAD.encode(digest)
    }

    /// Whether a form brought it along.
    pub(crate) fn sent(&self, token: &str) -> bool {
        self.form_token().as_bytes().ct_eq(token.as_bytes()).into()
    }
}
