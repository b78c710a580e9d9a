//! The signature, checked with an algorithm of our choice and never of the token's.
//!
//! `jku`, `jwk`, `x5u` and `x5c` are not looked at: keys come from the key set.

use super::{Finding, cut, shown};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{jwt::Jwt, signing_algorithm::SigningAlgorithm};
use openidconnect::{
    JsonWebKey as _, JsonWebKeyAlgorithm, JsonWebKeyId, JsonWebKeyUse,
    core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJsonWebKeyType, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

/// The smallest RSA key that is trusted, in bytes.
/// [RFC 7518 section 3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)
const MIN_RSA_BYTES: usize = 256;
/// How long a coordinate is, in bytes, on P-256 and in Ed25519.
/// [RFC 7518 section 6.2.1.2](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1.2),
/// [RFC 8037 section 2](https://www.rfc-editor.org/rfc/rfc8037#section-2)
const COORDINATE_BYTES: usize = 32;

/// What the library calls an algorithm.
pub(super) const fn library_name(algorithm: SigningAlgorithm) -> CoreJwsSigningAlgorithm {
    match algorithm {
        SigningAlgorithm::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        SigningAlgorithm::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        SigningAlgorithm::EdDsa => CoreJwsSigningAlgorithm::EdDsa,
    }
}

/// The algorithm the token claims to be signed with, if it is one we know.
pub(super) fn claimed(jwt: &Jwt) -> Option<SigningAlgorithm> {
    SigningAlgorithm::parse(jwt.header.get("alg")?.as_str()?)
}

/// The algorithm the token claims to be signed with, if it is an accepted one.
/// The token chooses among those alone, and its key must be one for it.
/// [RFC 8725 section 3.1](https://www.rfc-editor.org/rfc/rfc8725#section-3.1)
fn algorithm(jwt: &Jwt, accepted: &[SigningAlgorithm]) -> Result<SigningAlgorithm, String> {
    claimed(jwt)
        .filter(|algorithm| accepted.contains(algorithm))
        .ok_or_else(|| {
            let accepted: Vec<&str> = accepted.iter().map(|one| one.as_str()).collect();
            let accepted = match accepted[..] {
                [] => "nothing that can be checked here".to_owned(),
                _ => accepted.join(", "),
            };
            let found = shown(jwt.header.get("alg"));
            format!("`alg` is {found}; the discovery document lists {accepted}.")
        })
}

/// Whether a key of the set made the signature of an ID token, with an accepted
/// algorithm.
pub(super) fn check(
    jwt: &Jwt,
    accepted: &[SigningAlgorithm],
    keys: Result<&CoreJsonWebKeySet, &str>,
) -> Finding {
    let algorithm = algorithm(jwt, accepted)?;
    // An access token in the shape of a JWT says `at+jwt`, and is no ID token.
    // https://www.rfc-editor.org/rfc/rfc9068#section-2.1
    if let Some(kind) = jwt.header.get("typ")
        && !says(kind, &["JWT", "application/jwt"])
    {
        return Err(format!(
            "`typ` is {}; an ID token says JWT.",
            shown(Some(kind))
        ));
    }
    let keys = keys.map_err(|problem| format!("There are no keys to check with: {problem}"))?;
    made_by(jwt, algorithm, keys)
}

/// Whether a key of the set made the signature of an access token, with any
/// algorithm that can be checked here.
pub(super) fn check_access_token(jwt: &Jwt, keys: &CoreJsonWebKeySet) -> Finding {
    let algorithm = algorithm(jwt, &SigningAlgorithm::ALL)?;
    let kind = jwt.header.get("typ");
    if !kind.is_some_and(|kind| says(kind, &["at+jwt", "application/at+jwt"])) {
        return Err(format!(
            "`typ` is {}; an access token says at+jwt.",
            shown(kind)
        ));
    }
    made_by(jwt, algorithm, keys)
}

fn says(kind: &Value, names: &[&str]) -> bool {
    kind.as_str()
        .is_some_and(|kind| names.iter().any(|name| kind.eq_ignore_ascii_case(name)))
}

fn made_by(jwt: &Jwt, algorithm: SigningAlgorithm, keys: &CoreJsonWebKeySet) -> Finding {
    // https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
    if jwt.header.contains_key("crit") {
        return Err("The header demands extensions in `crit` that nobody here knows.".to_owned());
    }
    let key = signing_key(jwt.header.get("kid"), algorithm, keys)?;
    let (name, key_name) = (algorithm.as_str(), named(key));
    key.verify_signature(
        &library_name(algorithm),
        jwt.signing_input.as_bytes(),
        &jwt.signature,
    )
    .map_err(|error| format!("The {name} signature does not fit {key_name}: {error}."))?;
    Ok(format!("The {name} signature fits {key_name}."))
}

/// The one key the token can be signed with.
/// [Core section 10.1](https://openid.net/specs/openid-connect-core-1_0.html#Signing)
fn signing_key<'k>(
    kid: Option<&Value>,
    algorithm: SigningAlgorithm,
    keys: &'k CoreJsonWebKeySet,
) -> Result<&'k CoreJsonWebKey, String> {
    let wanted = match kid {
        None => None,
        Some(Value::String(kid)) => Some(JsonWebKeyId::new(kid.clone())),
        Some(_) => return Err("`kid` is not a text.".to_owned()),
    };
    let mut fitting = keys.keys().iter().filter(|key| {
        is_for(key, algorithm) && (wanted.is_none() || key.key_id() == wanted.as_ref())
    });
    let Some(key) = fitting.next() else {
        let name = algorithm.as_str();
        return Err(match kid {
            Some(_) => format!("The key set has no {name} key with `kid` {}.", shown(kid)),
            None => format!("The key set has no {name} key."),
        });
    };
    if fitting.next().is_some() {
        return Err("The key set has more than one key that could be meant.".to_owned());
    }
    refuse_weak(key, algorithm)?;
    Ok(key)
}

/// Whether the key is of the algorithm's kind and not meant for something else.
fn is_for(key: &CoreJsonWebKey, algorithm: SigningAlgorithm) -> bool {
    let (kind, curve) = match algorithm {
        SigningAlgorithm::Rs256 => (CoreJsonWebKeyType::RSA, None),
        SigningAlgorithm::Es256 => (CoreJsonWebKeyType::EllipticCurve, Some("P-256")),
        SigningAlgorithm::EdDsa => (CoreJsonWebKeyType::OctetKeyPair, Some("Ed25519")),
    };
    *key.key_type() == kind
        && (curve.is_none() || member(key, "crv").as_deref() == curve)
        && key.key_use().is_none_or(JsonWebKeyUse::allows_signature)
        && match key.signing_alg() {
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Algorithm(own) => *own == library_name(algorithm),
            JsonWebKeyAlgorithm::Unsupported => false,
        }
}

/// Refuses what the library would not: short moduli, and coordinates whose
/// lengths only add up.
fn refuse_weak(key: &CoreJsonWebKey, algorithm: SigningAlgorithm) -> Result<(), String> {
    let whole = |name| bytes(key, name).len() == COORDINATE_BYTES;
    match algorithm {
        SigningAlgorithm::Rs256 => {
            let modulus = bytes(key, "n");
            let length = modulus.iter().skip_while(|byte| **byte == 0).count();
            if length < MIN_RSA_BYTES {
                return Err(format!("{} is shorter than 2048 bits.", named(key)));
            }
        }
        SigningAlgorithm::Es256 if !(whole("x") && whole("y")) => {
            return Err(format!("{} is no point of P-256.", named(key)));
        }
        SigningAlgorithm::EdDsa if !whole("x") => {
            return Err(format!("{} is no Ed25519 key.", named(key)));
        }
        SigningAlgorithm::Es256 | SigningAlgorithm::EdDsa => {}
    }
    Ok(())
}

/// A text member of the key; the library shows them in its JSON alone.
fn member(key: &CoreJsonWebKey, name: &str) -> Option<String> {
    let key = serde_json::to_value(key).ok()?;
    Some(key.get(name)?.as_str()?.to_owned())
}

fn bytes(key: &CoreJsonWebKey, name: &str) -> Vec<u8> {
    member(key, name)
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .unwrap_or_default()
}

fn named(key: &CoreJsonWebKey) -> String {
    match key.key_id() {
        Some(kid) => format!("the key `{}`", cut(kid)),
        None => "the key without `kid`".to_owned(),
    }
}
