//! ID tokens that are wrong.

use super::{OTHER_ISSUER, SOMEBODY_ELSE};
use crate::{
    provider::{Provider, ProviderError},
    signing::{Flaw, RotateError, half_hash},
    token::{IdToken, algorithm},
};
use policy::{
    fault::{Area, Fault, FaultName},
    release::Claims,
};
use serde_json::{Value, json};

/// How long an ID token lived that has expired, in seconds.
const LIVED: i64 = 60;
/// A day in seconds.
const DAY: i64 = 86_400;

/// Makes the claims of an ID token wrong, as wrong as it should be, and says
/// what is to be wrong with its signature.
pub(crate) async fn spoil_id_token(
    provider: &Provider,
    id_token: &IdToken<'_>,
    claims: &mut Claims,
) -> Result<Option<Flaw>, ProviderError> {
    let client = id_token.client.id.as_str();
    let active = provider.active(id_token.customer, Some(client)).await;
    let mut flaw = None;
    for name in active.names() {
        if !can_happen(name, id_token, claims, flaw.as_ref()) {
            continue;
        }
        let Some(fault) = active.take(name).await else {
            continue;
        };
        match signature_flaw(name, id_token) {
            Some(wanted) => flaw = Some(wanted),
            None if name == FaultName::KeyRotated => rotate(provider, id_token.customer).await?,
            None => spoil(claims, &fault, id_token),
        }
    }
    Ok(flaw)
}

/// Whether the ID token has what the fault is about.
fn can_happen(
    name: FaultName,
    id_token: &IdToken<'_>,
    claims: &Claims,
    flaw: Option<&Flaw>,
) -> bool {
    match name {
        FaultName::IdTokenMissingNonce => claims.contains_key("nonce"),
        FaultName::IdTokenWrongAtHash | FaultName::IdTokenMissingAtHash => {
            claims.contains_key("at_hash")
        }
        FaultName::IdTokenWrongCHash | FaultName::IdTokenMissingCHash => {
            claims.contains_key("c_hash")
        }
        FaultName::RefreshWrongSub | FaultName::RefreshWrongIss => id_token.refreshed,
        // It is signed once.
        other if signature_flaw(other, id_token).is_some() => flaw.is_none(),
        other => other.area() == Area::IdToken,
    }
}

fn signature_flaw(name: FaultName, id_token: &IdToken<'_>) -> Option<Flaw> {
    Some(match name {
        FaultName::BadSignature => Flaw::Bit,
        FaultName::AlgNone => Flaw::Unsigned,
        FaultName::Hs256 => {
            let client = id_token.client;
            Flaw::Hmac(client.secret.as_ref().unwrap_or(&client.id).clone())
        }
        FaultName::UnknownKid => Flaw::UnknownKid,
        FaultName::MissingKid => Flaw::NoKid,
        _ => return None,
    })
}

/// Keys are rotated only so often; then the ID token is as it would have been.
async fn rotate(provider: &Provider, customer: &str) -> Result<(), ProviderError> {
    match provider.keys().rotate(customer).await {
        Err(RotateError::Failed(error)) => Err(error),
        Err(RotateError::TooMany { .. } | RotateError::UnknownCustomer) | Ok(_) => Ok(()),
    }
}

fn spoil(claims: &mut Claims, fault: &Fault, id_token: &IdToken<'_>) {
    let mut put = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    let other_hash = || json!(half_hash(algorithm(id_token.client), SOMEBODY_ELSE));
    match fault.name {
        FaultName::IdTokenWrongIss | FaultName::RefreshWrongIss => put("iss", json!(OTHER_ISSUER)),
        FaultName::IdTokenWrongAud => put("aud", json!(SOMEBODY_ELSE)),
        FaultName::IdTokenWrongSub | FaultName::RefreshWrongSub => put("sub", json!(SOMEBODY_ELSE)),
        FaultName::IdTokenWrongNonce => put("nonce", json!(SOMEBODY_ELSE)),
        FaultName::IdTokenWrongExp => put("exp", json!("soon")),
        FaultName::IdTokenWrongAtHash => put("at_hash", other_hash()),
        FaultName::IdTokenWrongCHash => put("c_hash", other_hash()),
        FaultName::HugeToken => {
            let bytes = usize::try_from(fault.amount()).unwrap_or_default();
            put("filler", json!("x".repeat(bytes)));
        }
        other => match missing(other) {
            Some(name) => drop(claims.shift_remove(name)),
            None => turn_clock(claims, fault),
        },
    }
}

/// The claim that is to be missing.
const fn missing(name: FaultName) -> Option<&'static str> {
    Some(match name {
        FaultName::IdTokenMissingIss => "iss",
        FaultName::IdTokenMissingAud => "aud",
        FaultName::IdTokenMissingSub => "sub",
        FaultName::IdTokenMissingNonce => "nonce",
        FaultName::IdTokenMissingExp => "exp",
        FaultName::IdTokenMissingIat => "iat",
        FaultName::IdTokenMissingAtHash => "at_hash",
        FaultName::IdTokenMissingCHash => "c_hash",
        _ => return None,
    })
}

/// Changes what is a time.
fn turn_clock(claims: &mut Claims, fault: &Fault) {
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let (Some(iat), Some(exp), Some(auth_time)) = (time("iat"), time("exp"), time("auth_time"))
    else {
        // Another fault took one of them away.
        return;
    };
    let seconds = fault.amount();
    let mut put = |name: &str, seconds: i64| {
        claims.insert(name.to_owned(), json!(seconds));
    };
    match fault.name {
        FaultName::IdTokenWrongIat => put("iat", iat - DAY),
        FaultName::ClockSkew => {
            put("iat", iat + seconds);
            put("exp", exp + seconds);
            put("auth_time", auth_time + seconds);
        }
        FaultName::IdTokenExpired => {
            let made = iat - seconds - LIVED;
            put("iat", made);
            put("exp", iat - seconds);
            put("auth_time", auth_time.min(made));
        }
        FaultName::IdTokenNotYetValid => {
            put("iat", iat + seconds);
            put("nbf", iat + seconds);
            put("exp", exp + seconds);
        }
        _ => {}
    }
}
