//! The checks of an ID token: all of them, not only up to the first failure.
//! [Core section 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)

mod signature;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oidc::{
    jwt::Jwt,
    signing_algorithm::SigningAlgorithm,
    time::UnixTime,
    verification::{Check, CheckName},
};
use openidconnect::{
    ClaimsVerificationError, ClientId, IssuerUrl, Nonce,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreProviderMetadata},
};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha512};
use std::{
    str::FromStr as _,
    time::{Duration, SystemTime},
};

/// How far `iat` may lie from the present, in seconds.
const IAT_TOLERANCE: i64 = 300;
/// How much of a foreign text is repeated.
const QUOTED: usize = 120;

/// What the ID token must say.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: Option<&'a str>,
    /// The access token that came with it; `None` when none did.
    pub(crate) access_token: Option<&'a str>,
    /// The code that came with it; `None` when none did.
    pub(crate) code: Option<&'a str>,
    /// What it may be signed with.
    pub(crate) algorithms: &'a [SigningAlgorithm],
    pub(crate) now: UnixTime,
}

/// What an ID token of this provider may be signed with: what we can check, as
/// far as the discovery document lists it.
/// [Discovery section 3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)
pub(crate) fn algorithms(provider: &CoreProviderMetadata) -> Vec<SigningAlgorithm> {
    let listed = provider.id_token_signing_alg_values_supported();
    SigningAlgorithm::ALL
        .into_iter()
        .filter(|algorithm| listed.contains(&signature::library_name(*algorithm)))
        .collect()
}

/// The checks with their results, and the claims, believed or not.
pub(crate) struct Verified {
    pub(crate) checks: Vec<Check>,
    pub(crate) claims: Option<Map<String, Value>>,
}

impl Verified {
    /// The first check that failed.
    pub(crate) fn first_failed(&self) -> Option<&Check> {
        self.checks.iter().find(|check| !check.passed)
    }
}

/// What a check found: why it holds, or why it does not.
type Finding = Result<String, String>;

/// Checks an ID token. `keys` is the provider's key set, or why there is none.
pub(crate) fn verify(
    id_token: &str,
    keys: Result<&CoreJsonWebKeySet, &str>,
    expected: &Expected<'_>,
) -> Verified {
    let jwt = match Jwt::decode(id_token) {
        Ok(jwt) => jwt,
        Err(error) => return unreadable(&error.to_string()),
    };
    let claims = &jwt.payload;
    let signed = signature::check(&jwt, expected.algorithms, keys);
    let mut checks = vec![
        check(CheckName::Signature, signed),
        check(CheckName::Issuer, issuer(claims, expected)),
        check(CheckName::Audience, audience(claims, expected)),
        check(CheckName::Expiry, expiry(claims, expected)),
        check(CheckName::IssuedAt, issued_at(claims, expected)),
        check(CheckName::Nonce, nonce(claims, expected)),
    ];
    let hashed = |text| half_of_hash(signature::claimed(&jwt), text);
    // In a token from the token endpoint `at_hash` may be left out; one that
    // came in the address or a form must be bound to what came with it.
    // https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken
    let access_token = expected.access_token.unwrap_or_default();
    let bound = expected.code.is_some() && expected.access_token.is_some();
    if bound || claims.contains_key("at_hash") {
        let own = hashed(access_token);
        let finding = compare("at_hash", claims.get("at_hash"), &own, "the access token");
        checks.push(check(CheckName::AccessTokenHash, finding));
    }
    if let Some(code) = expected.code {
        let finding = compare("c_hash", claims.get("c_hash"), &hashed(code), "the code");
        checks.push(check(CheckName::CodeHash, finding));
    }
    if let Err(problem) = subject(claims) {
        checks.push(check(CheckName::Subject, Err(problem)));
    }
    if let Ok(keys) = keys
        && checks.iter().all(|check| check.passed)
        && let Err((name, problem)) = second_opinion(id_token, keys, expected)
    {
        checks.retain(|check| check.name != name);
        checks.push(check(name, Err(problem)));
    }
    Verified {
        checks,
        claims: Some(jwt.payload),
    }
}

/// Whether userinfo speaks of the person the ID token speaks of.
/// [Core section 5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse)
pub(crate) fn same_subject(id_token: &Map<String, Value>, userinfo: &Map<String, Value>) -> Check {
    let finding = match (id_token.get("sub"), userinfo.get("sub")) {
        (Some(own), Some(other)) if own == other => {
            Ok("`sub` is the same in the ID token and at userinfo.".to_owned())
        }
        (own, other) => Err(format!(
            "`sub` is {} in the ID token and {} at userinfo.",
            shown(own),
            shown(other)
        )),
    };
    check(CheckName::Subject, finding)
}

/// Whether a refreshed ID token speaks of the person the login was for.
/// [Core section 12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)
pub(crate) fn still_the_subject(first: &str, claims: &Map<String, Value>) -> Check {
    let found = claims.get("sub");
    let finding = if found.and_then(Value::as_str) == Some(first) {
        Ok("`sub` is the same as in the first ID token.".to_owned())
    } else {
        let found = shown(found);
        Err(format!("`sub` is {found}; it was {} at first.", cut(first)))
    };
    check(CheckName::Subject, finding)
}

/// Whether a key of the set signed this access token in the shape of a JWT.
/// [RFC 9068 section 4](https://www.rfc-editor.org/rfc/rfc9068#section-4)
pub(crate) fn access_token_signature(jwt: &Jwt, keys: &CoreJsonWebKeySet) -> Check {
    let finding = signature::check_access_token(jwt, keys);
    check(CheckName::Signature, finding)
}

fn check(name: CheckName, finding: Finding) -> Check {
    let passed = finding.is_ok();
    let (Ok(detail) | Err(detail)) = finding;
    Check {
        name,
        passed,
        detail,
    }
}

/// Every check of a token that cannot even be taken apart.
fn unreadable(problem: &str) -> Verified {
    let checks = CheckName::ALL
        .into_iter()
        .filter(|name| {
            !matches!(
                name,
                CheckName::AccessTokenHash | CheckName::CodeHash | CheckName::Subject
            )
        })
        .map(|name| {
            let detail = match name {
                CheckName::Signature => format!("The ID token cannot be read: {problem}."),
                _ => "Not checked: the ID token cannot be read.".to_owned(),
            };
            check(name, Err(detail))
        })
        .collect();
    Verified {
        checks,
        claims: None,
    }
}

fn issuer(claims: &Map<String, Value>, expected: &Expected<'_>) -> Finding {
    let found = claims.get("iss");
    if found.and_then(Value::as_str) == Some(expected.issuer) {
        Ok(format!("`iss` is {}, the issuer asked.", expected.issuer))
    } else {
        Err(format!(
            "`iss` is {}; the issuer asked is {}.",
            shown(found),
            expected.issuer
        ))
    }
}

fn audience(claims: &Map<String, Value>, expected: &Expected<'_>) -> Finding {
    let found = claims.get("aud");
    let only_us = match found {
        Some(Value::String(audience)) => audience == expected.client_id,
        Some(Value::Array(audiences)) => {
            !audiences.is_empty()
                && audiences
                    .iter()
                    .all(|audience| audience.as_str() == Some(expected.client_id))
        }
        _ => false,
    };
    if !only_us {
        return Err(format!(
            "`aud` is {}; this client is {}.",
            shown(found),
            expected.client_id
        ));
    }
    match claims.get("azp") {
        Some(party) if party.as_str() != Some(expected.client_id) => Err(format!(
            "`azp` is {}; this client is {}.",
            shown(Some(party)),
            expected.client_id
        )),
        _ => Ok(format!("`aud` is {}, this client.", expected.client_id)),
    }
}

fn expiry(claims: &Map<String, Value>, expected: &Expected<'_>) -> Finding {
    let Some(expires) = claims.get("exp").and_then(seconds) else {
        return Err(format!(
            "`exp` is {}, not a point in time.",
            shown(claims.get("exp"))
        ));
    };
    let left = UnixTime(expires).since(expected.now);
    if left > 0 {
        Ok(format!("`exp` lies {left} s ahead."))
    } else {
        Err(format!(
            "The token expired {} s ago.",
            left.saturating_neg()
        ))
    }
}

fn issued_at(claims: &Map<String, Value>, expected: &Expected<'_>) -> Finding {
    let Some(issued) = claims.get("iat").and_then(seconds) else {
        return Err(format!(
            "`iat` is {}, not a point in time.",
            shown(claims.get("iat"))
        ));
    };
    let age = expected.now.since(UnixTime(issued));
    if age < -IAT_TOLERANCE {
        return Err(format!("`iat` lies {} s ahead.", age.saturating_neg()));
    }
    if age > IAT_TOLERANCE {
        return Err(format!(
            "`iat` lies {age} s back; at most {IAT_TOLERANCE} s are accepted."
        ));
    }
    // https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5
    if let Some(not_before) = claims.get("nbf") {
        let valid =
            seconds(not_before).is_some_and(|time| time <= expected.now.plus(IAT_TOLERANCE).0);
        if !valid {
            return Err(format!("`nbf` is {}.", shown(Some(not_before))));
        }
    }
    Ok(match age {
        i64::MIN..0 => "`iat` is the present, but for the clocks.".to_owned(),
        age => format!("`iat` lies {age} s back."),
    })
}

fn nonce(claims: &Map<String, Value>, expected: &Expected<'_>) -> Finding {
    let found = claims.get("nonce");
    match (expected.nonce, found) {
        (None, None) => Ok("None was sent and none came back.".to_owned()),
        (None, Some(_)) => Err(format!("None was sent, yet {} came back.", shown(found))),
        (Some(sent), Some(found)) if found.as_str() == Some(sent) => {
            Ok("It is the one that was sent.".to_owned())
        }
        (Some(_), None) => Err("One was sent and none came back.".to_owned()),
        (Some(_), Some(_)) => Err(format!("{} is not the one that was sent.", shown(found))),
    }
}

/// The left half of a text's hash.
/// The left half of a text's hash.
/// [Core section 3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken)
fn half_of_hash(algorithm: Option<SigningAlgorithm>, text: &str) -> String {
    let digest = match algorithm {
        // The hash inside Ed25519.
        Some(SigningAlgorithm::EdDsa) => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2])
}

fn compare(name: &str, found: Option<&Value>, own: &str, of: &str) -> Finding {
    if found.and_then(Value::as_str) == Some(own) {
        Ok(format!("`{name}` fits {of}."))
    } else {
        Err(format!(
            "`{name}` is {}; {of} makes it {own}.",
            shown(found)
        ))
    }
}

/// [Core section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken):
/// at most 255 ASCII characters.
fn subject(claims: &Map<String, Value>) -> Result<(), String> {
    match claims.get("sub") {
        Some(Value::String(sub)) if (1..=255).contains(&sub.len()) && sub.is_ascii() => Ok(()),
        found => Err(format!(
            "`sub` is {}; it must be 1 to 255 ASCII characters.",
            shown(found)
        )),
    }
}

/// What the `openidconnect` library says to a token that passed all of ours: it
/// may know better, and only what both let through is believed.
fn second_opinion(
    id_token: &str,
    keys: &CoreJsonWebKeySet,
    expected: &Expected<'_>,
) -> Result<(), (CheckName, String)> {
    let issuer = IssuerUrl::new(expected.issuer.to_owned())
        .map_err(|error| (CheckName::Issuer, error.to_string()))?;
    // Claims of other types than the library's, which are not checked here, are
    // shown and not refused.
    let Ok(token) = CoreIdToken::from_str(id_token) else {
        return Ok(());
    };
    let now = u64::try_from(expected.now.0)
        .ok()
        .and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
        .unwrap_or(SystemTime::UNIX_EPOCH);
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(expected.client_id.to_owned()),
        issuer,
        keys.clone(),
    )
    .set_allowed_algs(
        expected
            .algorithms
            .iter()
            .copied()
            .map(signature::library_name),
    )
    .set_time_fn(move || now.into());
    let nonce = |found: Option<&Nonce>| match (expected.nonce, found) {
        (None, None) => Ok(()),
        (Some(sent), Some(found)) if found.secret() == sent => Ok(()),
        _ => Err("not the one that was sent".to_owned()),
    };
    match token.claims(&verifier, nonce) {
        Ok(_) => Ok(()),
        Err(error) => {
            let name = match error {
                ClaimsVerificationError::Expired(_) => CheckName::Expiry,
                ClaimsVerificationError::InvalidAudience(_) => CheckName::Audience,
                ClaimsVerificationError::InvalidIssuer(_) => CheckName::Issuer,
                ClaimsVerificationError::InvalidNonce(_) => CheckName::Nonce,
                ClaimsVerificationError::InvalidSubject(_) => CheckName::Subject,
                _ => CheckName::Signature,
            };
            Err((name, format!("{error}.")))
        }
    }
}

/// A `NumericDate` in whole seconds.
fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let seconds = value.as_f64()?;
        // Beyond this range a float no longer counts seconds exactly.
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
        (seconds.abs() < 9.0e15).then_some(seconds as i64)
    })
}

/// A foreign value as a detail repeats it.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "missing".to_owned(),
        Some(Value::String(text)) => format!("{:?}", cut(text)),
        Some(other) => cut(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
