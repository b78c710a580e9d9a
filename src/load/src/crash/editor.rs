//! Somebody who changes a token policy all the time.

use super::Killed;
use crate::{
    check,
    failure::{Failure, ensure},
    http_client::{Address, Answer, Connection},
    login::bearer,
    profile::Machine,
    target::Target,
    user::basic,
};
use form_urlencoded::Serializer;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

/// Numbers the titles of a policy of its own.
pub(super) struct Editor {
    connection: Connection,
    machine: Machine,
    /// With an administrative token.
    headers: HeaderMap,
    policy: Address,
    /// The number in the last title that was sent.
    sent: u64,
    /// And in the last one that is known to be kept.
    acknowledged: u64,
}

/// What one round brought.
#[derive(Debug, Default)]
pub(super) struct Edited {
    /// How many changes were answered with success.
    pub(super) acknowledged: u64,
    pub(super) wrong: Option<Failure>,
}

impl Editor {
    /// Makes the policy.
    pub(super) async fn begin(target: &Target, machine: Machine) -> Result<Self, Failure> {
        let base = target.profile.issuer.trim_end_matches("/login");
        let policies = Address::parse(&format!("{base}/config/tokenPolicies"))?;
        let mut editor = Self {
            connection: target.connection(),
            machine,
            headers: HeaderMap::new(),
            policy: policies,
            sent: 0,
            acknowledged: 0,
        };
        editor.authorize(target).await?;
        let made = editor.write(Method::POST).await?;
        ensure(
            made.status == StatusCode::CREATED,
            "the configuration API made no policy",
        )?;
        let id: String = serde_json::from_slice(&made.body)
            .map_err(|_| Failure::new("the configuration API named no policy"))?;
        editor.policy = Address::parse(&format!("{base}/config/tokenPolicies/{id}"))?;
        Ok(editor)
    }

    /// Gets a new administrative token: none lives as long as many rounds take.
    pub(super) async fn authorize(&mut self, target: &Target) -> Result<(), Failure> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", &self.machine.scope)
            .finish();
        let proof = basic(&self.machine)?;
        let answer = self.connection.post(&target.token, &proof, form).await?;
        self.headers = bearer(&check::tokens(&answer)?.access_token)?;
        self.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        Ok(())
    }

    /// Changes the policy until the server is gone.
    pub(super) async fn work(&mut self, killed: &Killed) -> Edited {
        let mut edited = Edited::default();
        loop {
            match self.edit().await {
                Ok(()) => edited.acknowledged += 1,
                Err(failure) => {
                    edited.wrong = (!killed.is_set()).then_some(failure);
                    return edited;
                }
            }
        }
    }

    /// Whether the policy is as the last acknowledged change left it, or the one
    /// that was under way.
    pub(super) async fn verify(&mut self) -> Result<(), Failure> {
        let answer = self.connection.get(&self.policy, &self.headers).await?;
        ensure(answer.status == StatusCode::OK, "the policy is gone")?;
        let kept: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| Failure::new("the policy cannot be read"))?;
        if kept["title"] == title(self.sent) {
            self.acknowledged = self.sent;
        }
        ensure(
            kept["title"] == title(self.acknowledged),
            "an acknowledged change of a policy was lost",
        )
    }

    async fn edit(&mut self) -> Result<(), Failure> {
        self.sent += 1;
        let answer = self.write(Method::PUT).await?;
        ensure(
            answer.status.is_success(),
            "a change of a policy was refused",
        )?;
        self.acknowledged = self.sent;
        Ok(())
    }

    async fn write(&mut self, method: Method) -> Result<Answer, Failure> {
        let draft = json!({"title": title(self.sent), "allowedScopes": ["openid"]});
        self.connection
            .send(
                &self.policy,
                method,
                &self.headers,
                draft.to_string().into(),
            )
            .await
    }
}

fn title(number: u64) -> String {
    format!("Edit {number}")
}
