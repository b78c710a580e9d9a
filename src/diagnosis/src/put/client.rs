//! What a PUT or POST makes of a client.

use super::{Outcome, lines, without};
use policy::{
    body::PropertyError,
    client::{Client, ClientDraft},
};
use serde_json::{Map, Value};

/// What a body makes of a client; without one, the client it creates, which has
/// no id and no secret yet. `known` are addresses that are taken as they are.
///
/// # Errors
/// When the API would refuse it.
pub fn client(
    before: Option<&Client>,
    body: &Map<String, Value>,
    known: &[String],
) -> Result<Outcome<Client>, PropertyError> {
    let draft = ClientDraft::from_json(body, known)?;
    let after = match before {
        Some(before) => draft.replace(before.clone())?,
        None => draft.create(String::new(), None),
    };
    let is_new = before.is_none();
    let lines = lines(
        before.map(client_body).as_ref(),
        &client_body(&after),
        body,
        |property, _| left_out(property, is_new).to_owned(),
    );
    Ok(Outcome { after, lines })
}

/// The body of a PUT that changes nothing.
#[must_use]
pub fn client_body(client: &Client) -> Map<String, Value> {
    without(client, &["id"])
}

fn left_out(property: &str, is_new: bool) -> &'static str {
    match (property, is_new) {
        ("redirectURIs", true) => "Left out. It has none: nobody can sign in with it.",
        ("redirectURIs", false) => "Left out. It has none then, and nobody can sign in with it.",
        ("postLogoutRedirectURIs", false) => "Left out. There are none then.",
        ("idTokenSignedResponseAlg", false) => "Left out. Its tokens are signed with `RS256` then.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{client, client_body};
    use crate::put::How;
    use serde_json::{Map, Value, json};

    fn object(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_left_out_of_a_client_is_named() {
        let whole = object(&json!({
            "name": "Shop", "type": "public", "redirectURIs": ["https://a.test/cb"],
            "postLogoutRedirectURIs": ["https://a.test/"], "loginPolicy": "l",
            "tokenPolicy": "t", "idTokenSignedResponseAlg": "ES256",
        }));
        let shop = client(None, &whole, &[]).unwrap().after;
        assert_eq!(client_body(&shop), whole);
        let same = client(Some(&shop), &whole, &[]).unwrap();
        assert!(same.lines.iter().all(|line| line.how == How::Same));

        let less = object(
            &json!({ "name": "Shop", "type": "public", "loginPolicy": "l",
            "tokenPolicy": "t", "secret": "mine" }),
        );
        let lines = client(Some(&shop), &less, &[]).unwrap().lines;
        for (property, how, remark) in [
            ("name", How::Same, ""),
            ("redirectURIs", How::Reset, "nobody can sign in"),
            ("postLogoutRedirectURIs", How::Reset, "none then"),
            ("idTokenSignedResponseAlg", How::Reset, "`RS256`"),
            ("secret", How::Ignored, "ignores it"),
        ] {
            let line = lines.iter().find(|line| line.property == property);
            let line = line.unwrap();
            assert_eq!(line.how, how, "{property}");
            assert!(line.remark.as_deref().unwrap_or_default().contains(remark));
        }
    }

    #[test]
    fn what_the_api_would_refuse_is_refused() {
        let body = object(&json!({ "name": "Shop", "type": "confidential", "tokenPolicy": "t" }));
        let shop = client(None, &body, &[]).unwrap().after;
        let other = object(
            &json!({ "name": "Shop", "type": "public", "loginPolicy": "l",
            "tokenPolicy": "t" }),
        );
        let error = client(Some(&shop), &other, &[]).unwrap_err();
        assert_eq!(error.to_string(), "type cannot be changed");
    }
}
