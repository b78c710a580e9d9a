//! A person's attributes, each with the claims it feeds beside it.

use super::fields::PersonFields;
use crate::{
    components::field::{TextArea, TextInput},
    console::document::Drafted,
};
use leptos::prelude::*;
use playground::SandboxView;
use policy::{
    feeds::{claims_of, scope_of},
    profile::{Person, Profile},
    release::{StandardScope, claim},
};
use serde_json::Value;

/// An attribute's field: its name, which is the property's path, its label, and
/// what to know about it.
type Attribute = (&'static str, &'static str, &'static str);

/// What claims are made of.
const ATTRIBUTES: [Attribute; 17] = [
    ("email", "E-mail address", "Also the name to sign in with."),
    ("emailVerified", "E-mail verified", TIME),
    ("givenName", "Given name", ""),
    ("middleName", "Middle name", ""),
    ("familyName", "Family name", ""),
    ("nickname", "Nickname", ""),
    ("displayName", "Display name", ""),
    ("gender", "Gender", ""),
    ("birthday", "Birthday", "`YYYY-MM-DD`."),
    (
        "mobileNumber",
        "Mobile number",
        "As E.164 writes it: `+15550100`.",
    ),
    ("mobileNumberVerified", "Mobile number verified", TIME),
    ("primaryAddress.address1", "Address, first line", ""),
    ("primaryAddress.address2", "Address, second line", ""),
    ("primaryAddress.city", "City", ""),
    ("primaryAddress.stateAbbreviation", "State or region", ""),
    ("primaryAddress.zip", "Postal code", ""),
    ("primaryAddress.country", "Country", ""),
];

const TIME: &str = "In seconds since 1970; `true` is now, nothing is never.";

/// The fields, each a region of the page of its own: the one in use is left
/// alone when the others follow the JSON.
pub(super) fn fields(
    drafted: &Drafted<PersonFields, Person>,
    sandbox: &SandboxView,
    current: Option<&Person>,
) -> AnyView {
    let new = current.is_none();
    // As the person would be; while that cannot be said, as they are.
    let nobody = Profile::default();
    let profile = drafted.after().or(current);
    let profile = profile.map_or(&nobody, |person| &person.profile);
    let attributes = ATTRIBUTES
        .into_iter()
        .map(|attribute| field(drafted, sandbox, profile, attribute))
        .collect_view();
    let value = |name: &str| drafted.shown.edited.fields.value(name);
    let password = if new {
        "Needed to sign in. Kept as a hash, and never shown."
    } else {
        "Left empty, it stays what it is. Typed, it is another from then on."
    };
    view! {
        {attributes}
        <div id="region-attributes" data-region class="attribute">
            <TextArea
                name="attributes" label="Attributes of your own" rows=3 value=value("attributes")
                problem=drafted.problem("attributes")
                hint="A JSON object. Login policies make custom claims of them."
            />
            {custom(sandbox, &value("attributes"))}
        </div>
        <div id="region-username" data-region>
            <TextInput
                name="username" label="User name" value=value("username")
                problem=drafted.problem("username")
                hint="To sign in with, besides the e-mail address. Feeds no claim."
            />
        </div>
        <div id="region-password" data-region>
            <TextInput
                name="password" label=if new { "Password" } else { "New password" } code=true
                value=value("password") problem=drafted.problem("password") hint=password
            />
        </div>
        <div id="region-description" data-region>
            <TextInput
                name="description" label="What is special" value=value("description")
                problem=drafted.problem("description") hint="Shown where people are chosen. Feeds no claim."
            />
        </div>
    }
    .into_any()
}

fn field(
    drafted: &Drafted<PersonFields, Person>,
    sandbox: &SandboxView,
    profile: &Profile,
    (name, label, hint): Attribute,
) -> AnyView {
    let value = drafted.shown.edited.fields.value(name);
    let id = format!("region-{}", name.replace('.', "-"));
    let feeds = feeds(sandbox, profile, name, &value);
    let problem = drafted.problem(name);
    let input = if hint.is_empty() {
        view! { <TextInput name label value problem/> }.into_any()
    } else {
        view! { <TextInput name label value problem hint/> }.into_any()
    };
    view! { <div id=id data-region class="attribute">{input} {feeds}</div> }.into_any()
}

/// The claims an attribute feeds, each with the scope that brings it, and
/// whether they are told.
fn feeds(sandbox: &SandboxView, profile: &Profile, attribute: &str, value: &str) -> AnyView {
    let is_empty = value.trim().is_empty();
    let standard = claims_of(attribute).iter().map(|name| Fed {
        claim: (*name).to_owned(),
        source: format!("scope {}", scope_of(name).map_or("", StandardScope::as_str)),
        told: claim(name, profile).is_some(),
    });
    let custom = custom_claims(sandbox, attribute, !is_empty);
    let fed: Vec<Fed> = standard.chain(custom).collect();
    let word = match (is_empty, fed.iter().any(|fed| fed.told)) {
        (false, _) => "Feeds ",
        (true, true) => "Empty: ",
        (true, false) => "Empty, and feeds nothing: ",
    };
    claims(word, is_empty, fed)
}

/// A claim, and where it comes from.
struct Fed {
    claim: String,
    source: String,
    /// Whether it is told of this person.
    told: bool,
}

/// Claims that login policies make of an attribute.
fn custom_claims(sandbox: &SandboxView, attribute: &str, told: bool) -> Vec<Fed> {
    let policies = sandbox.login_policies.iter();
    policies
        .flat_map(|policy| {
            let own = &policy.custom_claims;
            let names = own.id_token.iter().chain(&own.userinfo);
            names
                .filter(|(_, source)| source.as_str() == attribute)
                .map(|(name, _)| Fed {
                    claim: name.clone(),
                    source: format!("login policy {}", policy.title),
                    told,
                })
        })
        .collect()
}

/// What login policies make of the attributes of one's own.
fn custom(sandbox: &SandboxView, text: &str) -> AnyView {
    let Ok(Value::Object(own)) = serde_json::from_str(text) else {
        return ().into_any();
    };
    let names = own.keys();
    let fed: Vec<Fed> = names
        .flat_map(|name| custom_claims(sandbox, name, true))
        .collect();
    if fed.is_empty() {
        return view! { <p class="feeds">"No login policy makes a claim of them."</p> }.into_any();
    }
    claims("Feeds ", false, fed)
}

fn claims(word: &'static str, is_empty: bool, claims: Vec<Fed>) -> AnyView {
    let items = claims
        .into_iter()
        .map(|fed| {
            let without = is_empty && fed.told;
            view! {
                <span class="fed" class:untold=!fed.told>
                    <code>{fed.claim}</code> " " <span class="source">{fed.source}</span>
                    {without.then_some(", told without it")}
                </span>
                " "
            }
        })
        .collect_view();
    view! { <p class="feeds">{word} {items}</p> }.into_any()
}
