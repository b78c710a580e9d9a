//! How long the policy engine takes: `cargo bench -p policy`.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

use criterion::Criterion;
use oidc::scope::Scope;
use policy::{
    admin_scope,
    grant::{grant_administrative, grant_login},
    predict,
    profile::Profile,
    release::Facts,
    token_policy::{TokenPolicy, TokenPolicyDraft},
};
use serde_json::json;
use std::hint::black_box;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    granting(&mut criterion);
    predicting(&mut criterion);
    matching(&mut criterion);
    criterion.final_summary();
}

fn scope(text: &str) -> Scope {
    Scope::parse(text).scope
}

fn policy(allowed: &Scope) -> TokenPolicy {
    let body = json!({"title": "Bench", "allowedScopes": allowed});
    TokenPolicyDraft::from_json(body.as_object().unwrap())
        .unwrap()
        .with_id("id".to_owned())
}

/// So many different scopes.
fn many(count: usize) -> Scope {
    let tokens: Vec<String> = (0..count).map(|n| format!("scope:{n}")).collect();
    scope(&tokens.join(" "))
}

fn granting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("grant");
    let requested = scope("openid profile email address phone shoe_size");
    let storefront = policy(&scope("openid profile"));
    group.bench_function("login", |b| {
        b.iter(|| grant_login(black_box(&requested), black_box(&storefront)));
    });
    let configuration = policy(&scope(
        "*:** *:config/** .:** openid *:config/tokenPolicies",
    ));
    let wanted = scope("*:config/**");
    group.bench_function("administrative", |b| {
        b.iter(|| grant_administrative(black_box(&wanted), black_box(&configuration)));
    });
    // Both lists come from outside: twice as long must not take four times as long.
    for count in [1000, 2000] {
        let wanted = many(count);
        let everything = policy(&wanted);
        group.bench_function(format!("administrative/{count} of {count}"), |b| {
            b.iter(|| grant_administrative(black_box(&wanted), black_box(&everything)));
        });
    }
    group.finish();
}

fn predicting(criterion: &mut Criterion) {
    let requested = scope("openid profile email address phone");
    let everything = policy(&requested);
    let profile = Profile {
        uuid: "00000000-0000-4000-8000-000000000041".to_owned(),
        given_name: "Alice".to_owned(),
        family_name: "Archer".to_owned(),
        email: "alice@example.com".to_owned(),
        ..Profile::default()
    };
    criterion.bench_function("predict", |b| {
        b.iter(|| {
            predict(
                black_box(&requested),
                None,
                black_box(&everything),
                &Facts::of(black_box(&profile), None),
            )
        });
    });
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("administrative scope");
    let usual = scope(".:** *:config/tokenPolicies/*");
    group.bench_function("usual", |b| {
        b.iter(|| {
            admin_scope::allows(
                black_box(&usual),
                "PUT",
                "config/tokenPolicies/00000000-0000-4000-8000-000000000011",
            )
        });
    });
    // What makes a matcher that tries and goes back take for ever: many `**`,
    // and a path that fits until its very end.
    for length in [16, 64] {
        let pattern = scope(&format!("*:{}b", "**/a/".repeat(length)));
        let path = "a/".repeat(2 * length);
        group.bench_function(format!("hostile/{length} times **"), |b| {
            b.iter(|| admin_scope::allows(black_box(&pattern), "GET", black_box(&path)));
        });
    }
    group.finish();
}
