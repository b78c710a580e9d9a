//! From claims to a signed token and back.
//! [RFC 7515](https://www.rfc-editor.org/rfc/rfc7515)

use super::{
    Flaw, SigningError,
    key::{PrivateKey, PublicKey},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::jwt::Jwt;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The longest token that is looked at, in bytes. None of ours comes near it.
pub(super) const MAX_TOKEN: usize = 16 * 1024;

/// A token in compact form, right unless it is asked to be otherwise.
/// [RFC 7515 section 7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)
pub(super) fn signed(
    key: &PrivateKey,
    typ: &str,
    claims: &impl Serialize,
    flaw: Option<&Flaw>,
) -> Result<String, SigningError> {
    let claims = serde_json::to_vec(claims).map_err(|_| SigningError::Sign)?;
    let mut token = URL_SAFE_NO_PAD.encode(header(key.public(), typ, flaw));
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut token);
    let signature = match flaw {
        None => key.sign(token.as_bytes()),
        Some(flaw) => flaw.sign(key, token.as_bytes()),
    }?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn header(key: &PublicKey, typ: &str, flaw: Option<&Flaw>) -> String {
    let mut header = Map::new();
    header.insert("alg".to_owned(), json!(key.algorithm().as_str()));
    header.insert("kid".to_owned(), json!(key.kid()));
    header.insert("typ".to_owned(), json!(typ));
    if let Some(flaw) = flaw {
        flaw.spoil_header(&mut header);
    }
    Value::Object(header).to_string()
}

/// A token of ours. Whether it has expired was not looked at, nor what it is
/// for: `typ` tells an ID token from an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verified {
    /// The JOSE header.
    pub(crate) header: Map<String, Value>,
    /// The claims.
    pub(crate) claims: Map<String, Value>,
}

/// A token that says which of our keys signed it, and is not believed yet.
pub(super) struct Claimed {
    jwt: Jwt,
    kid: String,
}

impl Claimed {
    /// Reads a token; `None` for one that cannot be ours: longer than
    /// [`MAX_TOKEN`], not in compact form, without `kid`, or with extensions.
    /// Of a member that is there twice the last one counts, which is harmless:
    /// ours have none, and only what we signed is believed.
    pub(super) fn read(token: &str) -> Option<Self> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let jwt = Jwt::decode(token).ok()?;
        // https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
        if jwt.header.contains_key("crit") {
            return None;
        }
        let kid = jwt.header.get("kid")?.as_str()?.to_owned();
        Some(Self { jwt, kid })
    }

    /// The name of the key. Foreign text: good for comparing and nothing else.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// Checks the signature, with the key's own algorithm whatever the token
    /// says. `alg` must name it all the same: a token of ours does. Where else
    /// keys might be found (`jku`, `jwk`, `x5u`, `x5c`) is not looked at.
    /// [RFC 8725 section 3.1](https://www.rfc-editor.org/rfc/rfc8725#section-3.1)
    pub(super) fn verified(self, key: &PublicKey) -> Option<Verified> {
        let Jwt {
            header,
            payload,
            signature,
            signing_input,
        } = self.jwt;
        let alg = header.get("alg").and_then(Value::as_str);
        (alg == Some(key.algorithm().as_str())
            && key.verifies(signing_input.as_bytes(), &signature))
        .then_some(Verified {
            header,
            claims: payload,
        })
    }
}
