//! What POST and PUT of a client carry.

use super::{Client, ClientType};
use crate::body::{Members, PropertyError};
use oidc::{
    redirect_uri::{self, RedirectUriError},
    signing_algorithm::SigningAlgorithm,
};
use serde_json::{Map, Value};

/// How many addresses of each kind a client may have.
// Inferred: the documents name no bound.
const MOST_URIS: usize = 100;

/// How long the id of a policy may be, in characters: far more than a UUID.
const LONGEST_ID: usize = 100;

/// A client without its id and secret: what POST and PUT carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDraft {
    /// See [`Client::name`].
    pub name: String,
    /// See [`Client::client_type`].
    pub client_type: ClientType,
    /// See [`Client::redirect_uris`].
    pub redirect_uris: Vec<String>,
    /// See [`Client::post_logout_redirect_uris`].
    pub post_logout_redirect_uris: Vec<String>,
    /// See [`Client::login_policy`].
    pub login_policy: Option<String>,
    /// See [`Client::token_policy`].
    pub token_policy: String,
    /// See [`Client::id_token_signed_response_alg`].
    pub id_token_signed_response_alg: Option<SigningAlgorithm>,
}

impl ClientDraft {
    /// Reads a POST or PUT body. What is left out is empty afterwards, except
    /// that `name`, `type` and `tokenPolicy` must be there, and `loginPolicy`
    /// too for a public client, which is good for nothing but signing in.
    ///
    /// `known` are addresses that are taken as they are: those the client has,
    /// and those of this deployment itself.
    ///
    /// # Errors
    /// Names the first property that cannot be stored.
    // Inferred: that `type` is repeated at PUT, as the whole document is.
    pub fn from_json(body: &Map<String, Value>, known: &[String]) -> Result<Self, PropertyError> {
        let members = Members::of(body);
        let client_type = members.word("type", ClientType::parse, &["public", "confidential"])?;
        let draft = Self {
            name: members.name("name")?,
            client_type: members.required("type", client_type)?,
            redirect_uris: uris(&members, "redirectURIs", known)?,
            post_logout_redirect_uris: uris(&members, "postLogoutRedirectURIs", known)?,
            login_policy: id(&members, "loginPolicy")?,
            token_policy: members.required("tokenPolicy", id(&members, "tokenPolicy")?)?,
            id_token_signed_response_alg: members.word(
                "idTokenSignedResponseAlg",
                SigningAlgorithm::parse,
                &SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
            )?,
        };
        if draft.client_type == ClientType::Public && draft.login_policy.is_none() {
            return Err(PropertyError::required("loginPolicy"));
        }
        Ok(draft)
    }

    /// A new client of this id, with a secret if it can keep one.
    #[must_use]
    pub fn create(self, id: String, secret: Option<String>) -> Client {
        Client {
            id,
            name: self.name,
            client_type: self.client_type,
            redirect_uris: self.redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            login_policy: self.login_policy,
            token_policy: self.token_policy,
            id_token_signed_response_alg: self.id_token_signed_response_alg,
            secret,
        }
    }

    /// What becomes of a client that is replaced by this. Id and secret stay.
    ///
    /// # Errors
    /// The type cannot change, and a login policy can be exchanged for another
    /// but not taken away.
    pub fn replace(self, current: Client) -> Result<Client, PropertyError> {
        if self.client_type != current.client_type {
            return Err(PropertyError::unchangeable("type"));
        }
        if current.login_policy.is_some() && self.login_policy.is_none() {
            return Err(PropertyError::required("loginPolicy"));
        }
        Ok(self.create(current.id, current.secret))
    }
}

fn id(members: &Members<'_>, name: &'static str) -> Result<Option<String>, PropertyError> {
    let text = members.text(name, &(1..=LONGEST_ID))?;
    Ok(text.map(str::to_owned))
}

fn uris(
    members: &Members<'_>,
    name: &'static str,
    known: &[String],
) -> Result<Vec<String>, PropertyError> {
    let read = |item: &Value| {
        let uri = item.as_str().ok_or("str type expected")?;
        if known.iter().any(|own| own == uri) {
            return Ok(uri.to_owned());
        }
        redirect_uri::check(uri).map_err(|error| match error {
            RedirectUriError::TooLong => format!("the address {error}"),
            _ => format!("{uri:?} {error}"),
        })?;
        Ok(uri.to_owned())
    };
    Ok(members.list(name, MOST_URIS, read)?.unwrap_or_default())
}

#[cfg(feature = "schema")]
mod described {
    use super::{ClientDraft, ClientType, LONGEST_ID, MOST_URIS};
    use crate::{
        body::NAME,
        schema::{describes, object, optional, optional_text, redirect_uris, text},
    };
    use oidc::signing_algorithm::SigningAlgorithm;
    use serde_json::json;

    describes!(
        ClientDraft,
        "ClientDraft",
        object(
            &["name", "type", "tokenPolicy"],
            json!({
                "name": text(&NAME),
                "type": { "type": "string", "enum": ClientType::ALL },
                "redirectURIs": redirect_uris(MOST_URIS),
                "postLogoutRedirectURIs": redirect_uris(MOST_URIS),
                "loginPolicy": optional_text(&(1..=LONGEST_ID)),
                "tokenPolicy": text(&(1..=LONGEST_ID)),
                "idTokenSignedResponseAlg": optional(
                    json!({ "type": "string", "enum": SigningAlgorithm::ALL })
                ),
            }),
        )
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::ClientKind;
    use serde_json::json;

    fn client(client_type: ClientType, login_policy: Option<&str>) -> Client {
        let mut given = body();
        given["type"] = json!("confidential");
        given["loginPolicy"] = json!(login_policy);
        let draft = read(&given).unwrap();
        Client {
            client_type,
            ..draft.create("i".to_owned(), Some("hush".to_owned()))
        }
    }

    fn read(body: &Value) -> Result<ClientDraft, String> {
        let known = ["http://play.internal/callback".to_owned()];
        ClientDraft::from_json(body.as_object().unwrap(), &known).map_err(|error| error.to_string())
    }

    fn body() -> Value {
        json!({ "id": "ignored", "_links": 1, "name": "Shop", "type": "public",
            "loginPolicy": "l", "tokenPolicy": "t" })
    }

    #[test]
    fn what_is_left_out_is_empty() {
        let draft = read(&body()).unwrap();
        assert_eq!(draft.redirect_uris, Vec::<String>::new());
        assert_eq!(draft.post_logout_redirect_uris, Vec::<String>::new());
        assert_eq!(draft.id_token_signed_response_alg, None);
        let mut configuration = body();
        configuration["type"] = json!("confidential");
        configuration["loginPolicy"] = json!(null);
        let client = read(&configuration).unwrap().create("i".to_owned(), None);
        assert_eq!(client.kind(), ClientKind::Configuration);
    }

    #[test]
    fn what_is_there_is_kept() {
        let mut given = body();
        given["redirectURIs"] = json!(["https://a.test/cb", "http://play.internal/callback"]);
        given["postLogoutRedirectURIs"] = json!(["app://bye"]);
        given["idTokenSignedResponseAlg"] = json!("ES256");
        let draft = read(&given).unwrap();
        assert_eq!(draft.redirect_uris.len(), 2);
        assert_eq!(draft.post_logout_redirect_uris, ["app://bye"]);
        assert_eq!(
            draft.id_token_signed_response_alg,
            Some(SigningAlgorithm::Es256)
        );
    }

    #[test]
    fn what_cannot_be_stored_is_named() {
        let many = vec!["https://a.test/"; 101];
        for (member, value, problem) in [
            ("name", json!(null), "('name',) field required"),
            (
                "name",
                json!(""),
                "('name',) ensure this value has at least 1 characters",
            ),
            ("type", json!(null), "('type',) field required"),
            (
                "type",
                json!("configuration"),
                "('type',) value is not a valid enumeration member; permitted: 'public', 'confidential'",
            ),
            (
                "tokenPolicy",
                json!(null),
                "('tokenPolicy',) field required",
            ),
            (
                "tokenPolicy",
                json!(7),
                "('tokenPolicy',) str type expected",
            ),
            (
                "loginPolicy",
                json!(null),
                "('loginPolicy',) field required",
            ),
            (
                "redirectURIs",
                json!("https://a.test/"),
                "('redirectURIs',) value is not a valid list",
            ),
            (
                "redirectURIs",
                json!(many),
                "('redirectURIs',) ensure this value has at most 100 items",
            ),
            (
                "redirectURIs",
                json!(["https://a.test/", "http://a.test/"]),
                "('redirectURIs', 1) \"http://a.test/\" is plain http and not one of localhost, 127.0.0.1 and [::1]",
            ),
            (
                "postLogoutRedirectURIs",
                json!(["javascript:alert(1)"]),
                "('postLogoutRedirectURIs', 0) \"javascript:alert(1)\" has a scheme that browsers do not hand on",
            ),
            (
                "idTokenSignedResponseAlg",
                json!("none"),
                "('idTokenSignedResponseAlg',) value is not a valid enumeration member; permitted: 'RS256', 'ES256', 'EdDSA'",
            ),
        ] {
            let mut given = body();
            given[member] = value;
            assert_eq!(read(&given).unwrap_err(), problem);
        }
    }

    #[test]
    fn a_replaced_client_keeps_its_id_its_secret_its_type_and_a_login_policy() {
        let current = || client(ClientType::Confidential, Some("l"));
        let draft = |client_type: &str, login_policy: Value| {
            let mut given = body();
            given["type"] = json!(client_type);
            given["loginPolicy"] = login_policy;
            read(&given).unwrap()
        };
        let replaced = draft("confidential", json!("other"))
            .replace(current())
            .unwrap();
        assert_eq!(
            (replaced.id.as_str(), replaced.secret.as_deref()),
            ("i", Some("hush"))
        );
        assert_eq!(replaced.login_policy.as_deref(), Some("other"));
        let refused = |draft: ClientDraft| draft.replace(current()).unwrap_err().to_string();
        assert_eq!(
            refused(draft("public", json!("l"))),
            "type cannot be changed"
        );
        assert_eq!(
            refused(draft("confidential", json!(null))),
            "('loginPolicy',) field required"
        );
        // A configuration client may become a login client.
        let configuration = client(ClientType::Confidential, None);
        assert!(
            draft("confidential", json!("l"))
                .replace(configuration)
                .is_ok()
        );
    }
}
