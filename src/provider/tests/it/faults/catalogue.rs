//! Every fault of the catalogue, on the wire: what is wrong with it, and that
//! nothing else is.

use super::{Switches, journey::Journey};
use crate::response_types::everything_allowed;
use policy::fault::{Area, FaultName};
use serde_json::json;

/// What an application notes that goes all the way, said of one token.
fn of_each_id_token(note: &str) -> Vec<String> {
    ["front", "code", "refresh"]
        .map(|from| format!("{from}: {note}"))
        .into()
}

fn of_front(note: &str) -> Vec<String> {
    vec![format!("front: {note}")]
}

fn one(note: &str) -> Vec<String> {
    vec![note.to_owned()]
}

/// Several notes on each token.
fn each(notes: &[&str]) -> Vec<String> {
    let of = |from| notes.iter().map(move |note| format!("{from}: {note}"));
    ["front", "code", "refresh"]
        .into_iter()
        .flat_map(of)
        .collect()
}

/// The notes of an application while one fault is on. A new fault has none, and
/// then this does not compile. Those of transport have tests of their own.
fn expected(name: FaultName) -> Vec<String> {
    use FaultName as F;
    match name {
        F::IdTokenWrongIss => of_each_id_token("wrong iss"),
        F::IdTokenMissingIss => of_each_id_token("no iss"),
        F::IdTokenWrongAud => of_each_id_token("wrong aud"),
        F::IdTokenMissingAud => of_each_id_token("no aud"),
        F::IdTokenWrongSub => of_each_id_token("wrong sub"),
        F::IdTokenMissingSub => of_each_id_token("no sub"),
        F::IdTokenWrongNonce => of_each_id_token("wrong nonce"),
        // A refreshed one has none to miss.
        F::IdTokenMissingNonce => ["front: no nonce", "code: no nonce"]
            .map(str::to_owned)
            .into(),
        F::IdTokenWrongExp => of_each_id_token("exp is \"soon\""),
        F::IdTokenMissingExp => of_each_id_token("no exp"),
        F::IdTokenWrongIat => of_each_id_token("iat -86400"),
        F::IdTokenMissingIat => of_each_id_token("no iat"),
        F::IdTokenWrongAtHash => of_each_id_token("wrong at_hash"),
        F::IdTokenMissingAtHash => of_each_id_token("no at_hash"),
        F::IdTokenWrongCHash => of_front("wrong c_hash"),
        F::IdTokenMissingCHash => of_front("no c_hash"),
        F::IdTokenExpired => each(&["iat -3660", "exp -7200", "auth_time -3660"]),
        F::IdTokenNotYetValid => each(&["iat +3600", "exp +3600", "there is nbf of 0 bytes"]),
        F::ClockSkew => each(&["iat +30", "exp +30", "auth_time +30"]),
        F::BadSignature => of_each_id_token("its signature is wrong"),
        F::AlgNone => of_each_id_token("it is not signed"),
        F::Hs256 => of_each_id_token("it is signed with HS256"),
        F::UnknownKid | F::JwksEmpty | F::JwksStale => of_each_id_token("its key is unknown"),
        F::MissingKid => of_each_id_token("it names no key"),
        F::HugeToken => of_each_id_token("there is filler of 100000 bytes"),
        F::KeyRotated => of_each_id_token("its key is new"),
        F::AccessTokenExpired => of_each_id_token("userinfo says 401"),
        F::ScopeOverstated => of_each_id_token("userinfo has no given_name"),
        F::ScopeLeftOut => each(&["scope is None", "userinfo has no given_name"]),
        F::ScopeRefused => one("response: invalid_scope"),
        F::CodeRefused => one("code: 400 invalid_grant"),
        F::RefreshRefused => one("refresh: 400 invalid_grant"),
        F::RefreshWrongSub => one("refresh: wrong sub"),
        F::RefreshWrongIss => one("refresh: wrong iss"),
        F::UserInfoWrongSub => {
            of_each_id_token("userinfo's sub is Some(String(\"somebody-else\"))")
        }
        F::UserInfoMissingSub => of_each_id_token("userinfo's sub is None"),
        F::AuthorizationMissingState => one("response: state is None"),
        F::AuthorizationWrongState => one("response: state is Some(\"somebody-else\")"),
        F::AuthorizationMissingIss => one("response: iss is None"),
        F::AuthorizationWrongIss => one("response: iss is Some(\"https://other-issuer.invalid\")"),
        F::AuthorizationRefused => one("response: temporarily_unavailable"),
        F::LogoutMissingState => one("signed out: \"\""),
        F::LogoutWrongState => one("signed out: \"?state=somebody-else\""),
        F::DiscoveryWrongIssuer => one("discovery: another issuer"),
        F::DiscoveryJwksMoved => {
            let mut notes = one("keys: 404");
            notes.extend(of_each_id_token("its key is unknown"));
            notes
        }
        F::Slow
        | F::Http429
        | F::Http500
        | F::Http503
        | F::TruncatedJson
        | F::WrongContentType
        | F::ConnectionLost => {
            assert_eq!(name.area(), Area::Transport);
            Vec::new()
        }
    }
}

#[tokio::test]
async fn every_fault_is_as_the_catalogue_says_and_over_when_it_is_switched_off() {
    let world = everything_allowed().await;
    let switches = Switches::new(&world).await;
    let right: [String; 0] = [];
    assert_eq!(Journey::go(&world, None).await, right);
    let wrong = FaultName::ALL.iter().copied();
    for name in wrong.filter(|name| name.area() != Area::Transport) {
        let id = switches.on(&json!({"name": name})).await;
        let notes = Journey::go(&world, Some(name.as_str())).await;
        let mut expected = expected(name);
        assert!(!expected.is_empty(), "{name:?}");
        expected.sort_unstable();
        let mut sorted = notes;
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "{name:?}");
        assert!(switches.hits(&id).await >= 1, "{name:?}");
        // Whatever is left over is noted in the next round.
        switches.off(&id).await;
    }
    assert_eq!(Journey::go(&world, None).await, right);
}

#[tokio::test]
async fn a_stale_key_set_is_the_one_from_before_the_rotation() {
    let world = everything_allowed().await;
    let switches = Switches::new(&world).await;
    let kids = async || -> Vec<String> {
        let jwks = world.get(&world.path("login/jwk")).await.json();
        let keys = jwks["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = kids().await;
    let id = switches.on(&json!({"name": "jwks-stale"})).await;
    assert_eq!(kids().await, [""; 0]);
    let rotate = "config/keys/rotate";
    let reply = switches.call(http::Method::POST, rotate, &json!({})).await;
    assert_eq!(reply.status.as_u16(), 201);
    assert_eq!(kids().await, before);
    switches.off(&id).await;
    assert_eq!(kids().await.len(), 6);
}

#[tokio::test]
async fn what_there_is_of_a_fault_can_be_said() {
    let world = everything_allowed().await;
    let switches = Switches::new(&world).await;
    for (fault, expected) in [
        (
            json!({"name": "clock-skew", "value": -500}),
            each(&["iat -500", "exp -500", "auth_time -500"]),
        ),
        (
            json!({"name": "id-token-expired", "value": 1}),
            each(&["iat -61", "exp -3601", "auth_time -61"]),
        ),
        (
            json!({"name": "id-token-not-yet-valid", "value": 10}),
            each(&["iat +10", "exp +10", "there is nbf of 0 bytes"]),
        ),
        (
            json!({"name": "huge-token", "value": 7}),
            each(&["there is filler of 7 bytes"]),
        ),
    ] {
        let id = switches.on(&fault).await;
        let mut notes = Journey::go(&world, fault["name"].as_str()).await;
        notes.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(notes, expected);
        switches.off(&id).await;
    }
}

#[tokio::test]
async fn faults_add_up() {
    let world = everything_allowed().await;
    let switches = Switches::new(&world).await;
    for name in [
        "id-token-wrong-iss",
        "bad-signature",
        "alg-none",
        "code-refused",
    ] {
        switches.on(&json!({"name": name})).await;
    }
    let announced = "id-token-wrong-iss, bad-signature, alg-none, code-refused";
    let mut notes = Journey::go(&world, Some(announced)).await;
    notes.sort_unstable();
    // It is signed once, as the fault says that was switched on first.
    let expected = [
        "code: 400 invalid_grant",
        "front: its signature is wrong",
        "front: wrong iss",
    ];
    assert_eq!(notes, expected);
    switches.all_off().await;
    assert_eq!(Journey::go(&world, None).await, [""; 0]);
}
