//! The fields of a token policy.

use super::fields::TokenFields;
use crate::components::field::TextInput;
use diagnosis::{json_text::Flaw, words::duration};
use leptos::prelude::*;
use policy::{
    admin_scope::AdminScope,
    body::PropertyError,
    release::StandardScope,
    token_policy::{ACCESS_TOKEN_LIFETIME, DEFAULT_REFRESH_TOKEN_LIFETIME, REFRESH_TOKEN_LIFETIME},
};

/// The administrative scopes that are offered, and what each opens.
const ADMINISTRATIVE: [(&str, &str); 6] = [
    ("*:**", "everything"),
    (
        "*:config/**",
        "the whole configuration; these pages ask for it",
    ),
    (".:**", "reading everything"),
    (".:config/**", "reading the configuration"),
    ("*:config/tokenPolicies/**", "token policies"),
    ("*:config/clients/**", "clients"),
];

/// The fields, each a region of the page of its own: the one in use is left
/// alone when the others follow the JSON.
#[component]
pub fn TokenPolicyFields(
    fields: TokenFields,
    /// Why the API would refuse the body.
    #[prop(optional_no_strip)]
    error: Option<PropertyError>,
    /// Whether a configuration client uses the policy.
    configuration: bool,
) -> impl IntoView {
    let problem = |name: &str| {
        error
            .as_ref()
            .filter(|error| error.place().split('[').next() == Some(name))
            .map(|error| {
                Flaw {
                    at: None,
                    problem: error.problem.clone(),
                }
                .to_string()
            })
    };
    let access = lifetime_hint(
        &fields.access,
        &ACCESS_TOKEN_LIFETIME,
        *ACCESS_TOKEN_LIFETIME.end(),
    );
    let refresh = lifetime_hint(
        &fields.refresh,
        &REFRESH_TOKEN_LIFETIME,
        DEFAULT_REFRESH_TOKEN_LIFETIME,
    );
    let administrative = configuration
        || fields
            .scopes
            .iter()
            .any(|scope| AdminScope::parse(scope).is_some());
    view! {
        <div id="region-title" data-region>
            <TextInput
                name=TokenFields::TITLE label="Title" value=fields.title.clone()
                problem=problem("title")
            />
        </div>
        <div id="region-scopes" data-region>
            <Scopes scopes=fields.scopes.clone() problem=problem("allowedScopes") administrative/>
        </div>
        <div id="region-access" data-region>
            <TextInput
                name=TokenFields::ACCESS label="Access tokens live, in seconds"
                value=fields.access.clone() problem=problem("accessTokenLifetime") hint=access
                keyboard="numeric"
            />
        </div>
        <div id="region-refresh" data-region>
            <TextInput
                name=TokenFields::REFRESH label="Refresh tokens live, in seconds"
                value=fields.refresh.clone() problem=problem("refreshTokenLifetime") hint=refresh
                keyboard="numeric"
            />
        </div>
        <div id="region-jwt" data-region>
            <label class="choice">
                <input type="checkbox" name=TokenFields::JWT value="true" checked=fields.jwt/>
                <span class="choice-name">"Access tokens are JWTs"</span>
                <span class="hint">"Else they are opaque: only introspection says what they carry."</span>
            </label>
        </div>
    }
}

/// What a lifetime means, and its bounds.
fn lifetime_hint(typed: &str, bounds: &std::ops::RangeInclusive<u32>, default: u32) -> String {
    let range = format!(
        "{} to {}: from {} to {}.",
        bounds.start(),
        bounds.end(),
        duration(*bounds.start()),
        duration(*bounds.end())
    );
    match typed.parse() {
        Ok(seconds) => format!("{}. {range}", duration(seconds)),
        Err(_) if typed.is_empty() => {
            format!(
                "Empty: left out, so that it is {default}, {}. {range}",
                duration(default)
            )
        }
        Err(_) => range,
    }
}

#[component]
fn Scopes(
    scopes: Vec<String>,
    #[prop(optional_no_strip)] problem: Option<String>,
    administrative: bool,
) -> impl IntoView {
    let is_ticked = |scope: &str| scopes.iter().any(|own| own == scope);
    let standard = StandardScope::ALL
        .into_iter()
        .map(|scope| {
            let claims = scope.claims().join(", ");
            view! { <ScopeBox scope=scope.as_str() says=claims ticked=is_ticked(scope.as_str())/> }
        })
        .collect_view();
    let boxes = administrative.then(|| {
        let boxes = ADMINISTRATIVE
            .into_iter()
            .map(|(scope, says)| view! { <ScopeBox scope says=says.to_owned() ticked=is_ticked(scope)/> })
            .collect_view();
        view! {
            <fieldset class="field">
                <legend class="label">"Administrative scopes"</legend>
                {boxes}
            </fieldset>
        }
    });
    let offered = |scope: &str| {
        StandardScope::parse(scope).is_some()
            || (administrative && ADMINISTRATIVE.iter().any(|(own, _)| *own == scope))
    };
    let own: Vec<&str> = scopes
        .iter()
        .map(String::as_str)
        .filter(|scope| !offered(scope))
        .collect();
    view! {
        <fieldset class="field">
            <legend class="label">"Allowed scopes"</legend>
            {standard}
        </fieldset>
        {boxes}
        <TextInput
            name=TokenFields::OWN label="Further scopes" value=own.join(" ") problem=problem code=true
            hint="Separated by spaces. People are only granted scopes of the discovery document."
        />
    }
}

#[component]
fn ScopeBox(scope: &'static str, says: String, ticked: bool) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="checkbox" name=TokenFields::SCOPE value=scope checked=ticked/>
            <code class="choice-name">{scope}</code>
            <span class="hint">{says}</span>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::lifetime_hint;

    #[test]
    fn lifetimes_are_said_in_words() {
        for (typed, begins) in [
            ("5400", "1 hour 30 minutes. 60 to 3600"),
            (
                "",
                "Empty: left out, so that it is 3600, 1 hour. 60 to 3600",
            ),
            ("x", "60 to 3600: from 1 minute to 1 hour."),
        ] {
            let hint = lifetime_hint(typed, &(60..=3600), 3600);
            assert!(hint.starts_with(begins), "{hint}");
        }
    }
}
