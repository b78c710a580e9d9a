//! Runs for tests, made by the same functions the provider issues with.

use crate::{
    evidence::{ClientView, Draft, HowLearnt, Outcome, PersonView, Run},
    funnel::{FunnelRow, predicted},
};
use oidc::{
    error::{ErrorCode, OAuthError},
    exchange::Step,
    scope::Scope,
    time::UnixTime,
};
use policy::{
    client::ClientType,
    predict,
    profile::{PrimaryAddress, Profile},
    release::Facts,
    token_policy::TokenPolicy,
};
use proptest::prelude::*;

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).scope
}

pub(crate) fn policy(allowed: &str) -> TokenPolicy {
    TokenPolicy {
        id: "p-1".to_owned(),
        title: "Storefront".to_owned(),
        access_token_lifetime: 3600,
        refresh_token_lifetime: 7_776_000,
        allowed_scopes: scope(allowed),
        use_access_jwt: false,
    }
}

/// Has everything but a middle name.
pub(crate) fn alice() -> Profile {
    Profile {
        uuid: "a-1".to_owned(),
        given_name: "Alice".to_owned(),
        middle_name: String::new(),
        family_name: "Ash".to_owned(),
        nickname: "Al".to_owned(),
        display_name: "alice".to_owned(),
        gender: "female".to_owned(),
        birthday: "1990-01-02".to_owned(),
        email: "alice@example.com".to_owned(),
        email_verified: Some(1),
        mobile_number: "+15550100".to_owned(),
        mobile_number_verified: None,
        primary_address: PrimaryAddress {
            address1: "1 Main St".to_owned(),
            city: "Springfield".to_owned(),
            country: "US".to_owned(),
            ..PrimaryAddress::default()
        },
        last_updated: 1_700_000_000,
        ..Profile::default()
    }
}

/// Has a name and an e-mail address.
pub(crate) fn bo() -> Profile {
    Profile {
        uuid: "b-1".to_owned(),
        given_name: "Bo".to_owned(),
        email: "bo@example.com".to_owned(),
        ..Profile::default()
    }
}

pub(crate) fn draft(requested: &str) -> Draft {
    Draft {
        client: "c-1".to_owned(),
        person: Some("a-1".to_owned()),
        scope: requested.to_owned(),
        state: None,
        nonce: None,
        code_verifier: None,
        prompt: None,
        login_hint: None,
        response_type: Some("code".to_owned()),
        further: Vec::new(),
    }
}

/// A run of Alice's that went to its end.
pub(crate) fn run(requested: &str, allowed: &str) -> Run {
    let draft = draft(requested);
    let request = draft.request("https://a.test/callback");
    let mut run = Run {
        id: "r-1".to_owned(),
        started_at: UnixTime(0),
        expires_at: UnixTime(86_400),
        issuer: "https://a.test/customer/login".to_owned(),
        draft,
        authorization_url: request.url("https://a.test/customer/login/authorize"),
        request,
        client: ClientView {
            id: "c-1".to_owned(),
            name: "Storefront".to_owned(),
            client_type: ClientType::Public,
            token_policy: "p-1".to_owned(),
        },
        signed_in: None,
        profile: None,
        policy: policy(allowed),
        exchanges: Vec::new(),
        checks: Vec::new(),
        token: None,
        learnt: HowLearnt::TokenResponse,
        granted: None,
        id_token: None,
        userinfo: None,
        outcome: Outcome::Completed,
        change: None,
        previous: None,
        server_micros: 0,
    };
    issue(&mut run, alice());
    run
}

/// Lets the run be somebody's, with what they are granted and told.
pub(crate) fn issue(run: &mut Run, profile: Profile) {
    let requested = scope(run.request.scope.as_deref().unwrap_or_default());
    let prediction = predict(&requested, None, &run.policy, &Facts::of(&profile, None));
    run.granted = Some(prediction.granted.scope);
    run.userinfo = prediction.userinfo;
    run.signed_in = Some(PersonView {
        uuid: profile.uuid.clone(),
        name: profile.full_name(),
        email: profile.email.clone(),
    });
    run.profile = Some(profile);
}

/// The rows of what is predicted for a person.
pub(crate) fn foreseen(
    requested: &Scope,
    policy: &TokenPolicy,
    profile: &Profile,
) -> Vec<FunnelRow> {
    let facts = Facts::of(profile, None);
    predicted(
        requested,
        policy,
        &facts,
        &predict(requested, None, policy, &facts),
    )
}

/// Some scopes, known and unknown, separated by spaces.
fn any_scope() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec!["openid", "profile", "email", "address", "phone"]);
    let word = prop_oneof![6 => known.prop_map(str::to_owned), 1 => "[a-zA-Z*:/]{1,8}"];
    prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

fn any_profile() -> impl Strategy<Value = Profile> {
    let keep = || any::<bool>();
    (keep(), keep(), keep(), keep(), keep()).prop_map(|(name, email, phone, address, rest)| {
        let mut profile = if rest { alice() } else { bo() };
        let full = alice();
        profile.given_name = if name { full.given_name } else { String::new() };
        profile.email = if email { full.email } else { String::new() };
        profile.mobile_number = if phone {
            full.mobile_number
        } else {
            String::new()
        };
        profile.primary_address = if address {
            full.primary_address
        } else {
            PrimaryAddress::default()
        };
        profile
    })
}

/// A run that ended in any way.
pub(crate) fn any_run() -> impl Strategy<Value = Run> {
    let end = prop_oneof![4 => Just(0), 1 => Just(1), 1 => Just(2)];
    (any_scope(), any_scope(), any_profile(), end).prop_map(|(requested, allowed, profile, end)| {
        let mut run = run(&requested, &allowed);
        if end == 0 {
            issue(&mut run, profile);
            return run;
        }
        run.granted = None;
        run.userinfo = None;
        run.learnt = HowLearnt::NothingIssued;
        run.profile = Some(profile);
        let error = OAuthError::new(ErrorCode::ServerError, "it is late");
        run.outcome = if end == 1 {
            Outcome::Refused(error)
        } else {
            Outcome::Failed {
                step: Step::Token,
                message: "the token endpoint answered 500".to_owned(),
                error: Some(error),
                advice: "try again".to_owned(),
            }
        };
        run
    })
}
