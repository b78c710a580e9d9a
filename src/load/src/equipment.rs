//! What is made at our own server before it is measured, and taken away again:
//! for each algorithm a client whose access tokens are signed with it.

use crate::{
    check,
    failure::{Failure, ensure},
    http_client::{Address, Answer, Connection},
    login::bearer,
    profile::{Algorithm, Machine, Profile},
    random,
    target::Target,
    user::basic,
};
use form_urlencoded::Serializer;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use hyper::body::Bytes;
use serde_json::{Value, json};

/// Access to our configuration API, and what was made there.
pub(crate) struct Equipment {
    connection: Connection,
    /// Where administrative tokens come from, and for whom.
    token: Address,
    machine: Machine,
    /// With an administrative token.
    headers: HeaderMap,
    /// What every address begins with.
    base: String,
    /// Addresses, in the order in which they can be deleted.
    made: Vec<String>,
}

impl Equipment {
    /// Makes a client for each algorithm where the profile names a
    /// configuration API, and adds them to the profile.
    pub(crate) async fn add(profile: &mut Profile) -> Result<Option<Self>, Failure> {
        let (Some(base), Some(machine)) = (profile.configuration.clone(), profile.machine.clone())
        else {
            return Ok(None);
        };
        let target = Target::find(profile.clone()).await?;
        let mut equipment = Self {
            connection: target.connection(),
            token: target.token.clone(),
            machine: machine.clone(),
            headers: HeaderMap::new(),
            base,
            made: Vec::new(),
        };
        equipment.authorize().await?;
        let policy = equipment.token_policy().await?;
        for algorithm in Algorithm::ALL {
            let client = equipment.client(&policy, algorithm).await?;
            let scope = machine.scope.clone();
            profile
                .signed
                .insert(algorithm, Machine { scope, ..client });
        }
        Ok(Some(equipment))
    }

    /// Gets an administrative token.
    async fn authorize(&mut self) -> Result<(), Failure> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", &self.machine.scope)
            .finish();
        let basic = basic(&self.machine)?;
        let answer = self.connection.post(&self.token, &basic, form).await?;
        self.headers = bearer(&check::tokens(&answer)?.access_token)?;
        self.headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        Ok(())
    }

    /// Makes a token policy with signed access tokens, for administrative scopes.
    async fn token_policy(&mut self) -> Result<String, Failure> {
        let draft = json!({
            "title": name()?,
            "allowedScopes": ["*:config/**"],
            "useAccessJWT": true,
        });
        let made = self.call(Method::POST, "tokenPolicies", &draft).await?;
        let id = text(&made)?;
        self.made.insert(0, format!("tokenPolicies/{id}"));
        Ok(id)
    }

    async fn client(&mut self, policy: &str, algorithm: Algorithm) -> Result<Machine, Failure> {
        let draft = json!({
            "name": name()?,
            "type": "confidential",
            "tokenPolicy": policy,
            "idTokenSignedResponseAlg": algorithm.as_str(),
        });
        let made = self.call(Method::POST, "clients", &draft).await?;
        let id = text(&made["id"])?;
        let client = format!("clients/{id}");
        self.made.insert(0, client.clone());
        let secret = format!("{client}/secret");
        let shown = self.call(Method::GET, &secret, &Value::Null).await?;
        Ok(Machine {
            id,
            secret: text(&shown["secret"])?,
            scope: String::new(),
        })
    }

    /// Deletes all that was made, with a new token: the first may have expired
    /// in a long measurement, or made room for those that were measured.
    pub(crate) async fn remove(mut self) -> Result<(), Failure> {
        self.authorize().await?;
        for path in std::mem::take(&mut self.made) {
            let answer = self.send(Method::DELETE, &path, Bytes::new()).await?;
            ensure(
                answer.status == StatusCode::NO_CONTENT,
                "what was made for the measurement could not be deleted",
            )?;
        }
        Ok(())
    }

    async fn call(&mut self, method: Method, path: &str, body: &Value) -> Result<Value, Failure> {
        let body = match body {
            Value::Null => Bytes::new(),
            body => body.to_string().into(),
        };
        let answer = self.send(method, path, body).await?;
        let status = answer.status;
        let text = format!("the configuration API answered {}", status.as_u16());
        ensure(status.is_success(), &text)?;
        serde_json::from_slice(&answer.body)
            .map_err(|_| Failure::new("the configuration API answered something else than JSON"))
    }

    async fn send(&mut self, method: Method, path: &str, body: Bytes) -> Result<Answer, Failure> {
        let address = Address::parse(&format!("{}/{path}", self.base))?;
        self.connection
            .send(&address, method, &self.headers, body)
            .await
    }
}

/// A name nobody has.
fn name() -> Result<String, Failure> {
    Ok(format!("Load test {}", random::key()?))
}

fn text(value: &Value) -> Result<String, Failure> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Failure::new("the configuration API answered without what must be there"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{self, Lie};

    #[tokio::test]
    async fn a_client_for_each_algorithm_is_made_and_taken_away() {
        let mut profile = stub::start(Lie::Nothing).await;
        profile.signed.clear();
        let equipment = Equipment::add(&mut profile).await.unwrap().unwrap();
        assert_eq!(profile.signed.len(), Algorithm::ALL.len());
        let ids: Vec<&String> = profile.signed.values().map(|client| &client.id).collect();
        assert!(ids[0] != ids[1] && ids[1] != ids[2]);
        assert_eq!(equipment.made.len(), Algorithm::ALL.len() + 1);
        equipment.remove().await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_made_at_other_servers() {
        let mut profile = stub::start(Lie::Nothing).await;
        profile.configuration = None;
        let before = profile.clone();
        assert!(Equipment::add(&mut profile).await.unwrap().is_none());
        assert_eq!(profile, before);
    }
}
