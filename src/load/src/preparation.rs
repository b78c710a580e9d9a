//! What is changed at a server before a scenario.

use crate::{
    check,
    failure::{Failure, ensure},
    http_client::Address,
    login::bearer,
    profile::Machine,
    target::Target,
    user::basic,
};
use form_urlencoded::Serializer;
use http::{HeaderValue, Method, StatusCode, header};
use hyper::body::Bytes;
use serde_json::Value;

/// Makes the client's token policy ask for the form of access token that the
/// scenario is about, over our configuration API. Does nothing elsewhere.
pub(crate) async fn prepare(target: &Target, machine: &Machine) -> Result<(), Failure> {
    let Some(wanted) = &machine.before else {
        return Ok(());
    };
    let mut connection = target.connection();
    let form = Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("scope", &machine.scope)
        .finish();
    let answer = connection
        .post(&target.token, &basic(machine)?, form)
        .await?;
    let mut headers = bearer(&check::tokens(&answer)?.access_token)?;
    let address = Address::parse(&wanted.policy)?;
    let answer = connection.get(&address, &headers).await?;
    let refused = |status: StatusCode| {
        let text = format!("the token policy was answered with {}", status.as_u16());
        ensure(status == StatusCode::OK, &text)
    };
    refused(answer.status)?;
    let mut policy: Value = serde_json::from_slice(&answer.body)
        .map_err(|_| Failure::new("the token policy cannot be read"))?;
    if policy["useAccessJWT"] == wanted.use_access_jwt {
        return Ok(());
    }
    policy["useAccessJWT"] = wanted.use_access_jwt.into();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    let body = Bytes::from(policy.to_string());
    let answer = connection
        .send(&address, Method::PUT, &headers, body)
        .await?;
    refused(answer.status)
}
