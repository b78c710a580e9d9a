//! The last stage: somebody signed in, and gets a code.

use super::{answer::RedirectError, checked::Checked};
use crate::{provider::ProviderError, random};
use policy::grant::grant_login;
use store::{Code, Login, Session};

/// How long a code lives, in seconds.
// Inferred: "a few minutes" (domain notes, section 10).
const CODE_LIFETIME: i64 = 300;

/// A request and who signed in for it.
pub(crate) struct Interacted<'p> {
    pub(super) checked: Checked<'p>,
    pub(super) session: Session,
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
            login: Login {
                requested: self.checked.requested.clone(),
                claims: self.checked.request.claims.clone(),
                auth_time: self.session.auth_time,
                sid: Some(self.session.sid.clone()),
            },
            nonce: self.checked.nonce.clone(),
            code_challenge: self
                .checked
                .code_challenge
                .as_ref()
                .map(|challenge| challenge.as_str().to_owned()),
            grant_id: random::key(),
            issued_at: now,
            expires_at: now.plus(CODE_LIFETIME),
        };
        provider.store().insert_code(code, &kept).await?;
        Ok(())
    }
}
