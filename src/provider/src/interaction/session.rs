//! The browser's sign-in session.

use crate::{
    cookie,
    provider::{Provider, ProviderError},
    random,
};
use http::HeaderMap;
use policy::profile::Person;
use store::Session;

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
        let base = cookie::session(customer);
        for key in cookie::values(headers, &base, self.secure()) {
            if let Some(session) = self.store().session(customer, key, self.now()).await? {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }
}
