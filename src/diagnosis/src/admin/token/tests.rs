use super::{
    AdminToken, TokenAnswer, TokenState, forecast, predicted, request_body, rows, verdict,
};
use crate::verdict::Tone;
use oidc::{scope::Scope, time::UnixTime};
use policy::token_policy::{TokenPolicy, TokenPolicyDraft};
use serde_json::json;

fn words(text: &str) -> Vec<String> {
    text.split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The policy of the documented story.
fn policy() -> TokenPolicy {
    let allowed = [
        "*:**",
        ".:**",
        "openid",
        "*:config/tokenPolicies",
        "+:config/clients",
    ];
    let body = json!({ "title": "Configuration", "allowedScopes": allowed });
    TokenPolicyDraft::from_json(body.as_object().unwrap())
        .unwrap()
        .with_id("1".to_owned())
}

fn token(requested: &str, granted: &str) -> AdminToken {
    AdminToken {
        client: "c".to_owned(),
        client_name: "Configuration".to_owned(),
        policy: policy(),
        requested: words(requested),
        answer: TokenAnswer::Issued {
            access_token: "secret".to_owned(),
            scope: Scope::parse(granted).scope,
            expires_at: UnixTime(1),
        },
        exchanges: Vec::new(),
    }
}

#[test]
fn the_sentence_says_what_the_token_is_good_for() {
    for (requested, granted, tone, headline) in [
        (
            "XXXXX",
            "",
            Tone::Dropped,
            "This token has no scope: it is valid and can do nothing.",
        ),
        (
            "",
            "",
            Tone::Dropped,
            "This token has no scope: it is valid and can do nothing.",
        ),
        (
            "openid",
            "openid",
            Tone::Dropped,
            "This token can do nothing: openid allows no call.",
        ),
        (
            ".:**",
            ".:**",
            Tone::LetThrough,
            "This token can only read.",
        ),
        (
            ".:** XXXXX",
            ".:**",
            Tone::Dropped,
            "This token can only read.",
        ),
        (
            "*:**",
            "*:**",
            Tone::LetThrough,
            "This token may do everything.",
        ),
        ("*:** a", "*:**", Tone::Dropped, "a was dropped."),
        ("*:** a b", "*:**", Tone::Dropped, "2 scopes were dropped."),
        (
            "+:config/clients",
            "+:config/clients",
            Tone::LetThrough,
            "This token carries all that was asked for.",
        ),
    ] {
        let said = verdict(&token(requested, granted), TokenState::Live);
        assert_eq!(
            (said.tone, said.headline.as_str()),
            (tone, headline),
            "{requested}"
        );
        assert!(!said.detail.contains("secret"));
    }
}

#[test]
fn a_dead_token_is_told_apart_from_one_without_scope() {
    for (state, id) in [
        (TokenState::Expired, "admin.expired"),
        (TokenState::Revoked, "admin.revoked"),
        (TokenState::Gone, "admin.gone"),
    ] {
        let said = verdict(&token("*:**", "*:**"), state);
        assert_eq!((said.id.as_str(), said.tone), (id, Tone::Failed));
        assert!(said.detail.contains("403") && said.detail.contains("invalid_token"));
    }
}

#[test]
fn a_refusal_of_the_token_endpoint_is_passed_on() {
    let answer = TokenAnswer::Refused {
        message: "It said no.".to_owned(),
        advice: "Ask again.".to_owned(),
    };
    let asked = AdminToken {
        answer,
        ..token("*:**", "")
    };
    let said = verdict(&asked, TokenState::Live);
    assert_eq!(said.detail, "It said no. Ask again.");
    assert_eq!(asked.granted(), Scope::default());
}

#[test]
fn what_is_predicted_is_what_is_granted_with_a_reason_for_each_scope() {
    let asked = words("*:config/** XXXXX openid +:config/clients é .:**");
    let predicted = predicted(&asked, &policy());
    let found: Vec<(&str, bool, bool)> = predicted
        .iter()
        .map(|row| (row.word.as_str(), row.granted, row.our_reading))
        .collect();
    assert_eq!(
        found,
        [
            ("*:config/**", false, false),
            ("XXXXX", false, false),
            ("openid", true, false),
            ("+:config/clients", true, true),
            ("é", false, false),
            (".:**", true, false),
        ]
    );
    assert!(
        predicted[0].note.contains("letter by letter"),
        "{}",
        predicted[0].note
    );
    assert!(!predicted[1].note.contains("letter by letter"));
    assert!(predicted[2].note.contains("allows no call"));
    assert!(predicted[4].note.contains("RFC 6749"));
    let granted = "openid +:config/clients .:**";
    assert_eq!(rows(&token(&asked.join(" "), granted)), predicted);
    // The answer decides, not the policy.
    let less = rows(&token("openid", ""));
    assert!(!less[0].granted && less[0].note.contains("still it was not granted"));
}

#[test]
fn the_forecast_speaks_of_what_will_be() {
    for (asked, headline) in [
        (
            "XXXXX",
            "The token will have no scope: valid, and good for nothing.",
        ),
        ("*:** x", "x will be dropped."),
        ("*:** x y", "2 scopes will be dropped."),
        (".:**", "The token can only read."),
        ("*:**", "The token may do everything."),
    ] {
        assert_eq!(forecast(&words(asked), &policy()).headline, headline);
    }
}

#[test]
fn the_body_names_no_scope_when_none_is_asked_for() {
    assert_eq!(request_body(&[]).len(), 1);
    let body = request_body(&words("*:** .:**"));
    assert_eq!(body[1], ("scope", "*:** .:**".to_owned()));
}
