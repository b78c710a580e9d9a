//! The account page.

use super::{
    card::{Alert, FIELDS_ARE_WRONG, Success},
    field::{FieldProblem, TextField, Typing},
};
use crate::components::field::described_by;
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::{Field, ProfileView};

/// What `gender` mostly says.
/// [Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)
const GENDERS: [&str; 2] = ["female", "male"];

#[component]
pub fn Profile(view: ProfileView, title: &'static str) -> impl IntoView {
    let wrong = view.has_problem();
    let page_title = match (wrong, view.saved) {
        (true, _) => "Not saved yet",
        (false, true) => "Saved",
        (false, false) => title,
    };
    let back = view.redirect_uri.clone();
    view! {
        <Title text=page_title/>
        <main id="main" class="account">
            <header class="account-head">
                <div>
                    <p class="eyebrow">"The bundled provider, for " {view.client_name.clone()}</p>
                    <h1>{title}</h1>
                </div>
                <p class="actions">
                    {back.map(|uri| view! { <a class="button" href=uri>"Back to App"</a> })}
                    <a class="button" href=view.logout.clone()>"Logout"</a>
                </p>
            </header>
            {wrong.then(|| view! { <Alert text=FIELDS_ARE_WRONG/> })}
            {(view.saved && !wrong)
                .then(|| view! { <Success text="Your profile has been saved."/> })}
            <ProfileForm view/>
        </main>
    }
}

#[component]
fn ProfileForm(view: ProfileView) -> impl IntoView {
    let verified = |yes: bool| if yes { "Verified." } else { "Not verified." };
    let email_hint = verified(view.email_verified);
    let number_hint = if view.mobile_number.value.is_empty() {
        "With country code, like +1 503 555 0142."
    } else {
        verified(view.mobile_number_verified)
    };
    view! {
        <form class="account-form" method="post" action=view.action novalidate>
            <input type="hidden" name="token" value=view.token/>
            <input type="hidden" name="client_id" value=view.client_id/>
            {view.redirect_uri
                .map(|uri| view! { <input type="hidden" name="redirect_uri" value=uri/> })}
            <Group legend="Name">
                <TextField field=view.given_name name="givenName" label="Given name" typing=Typing::text("given-name")/>
                <TextField field=view.middle_name name="middleName" label="Middle name" typing=Typing::text("additional-name")/>
                <TextField field=view.family_name name="familyName" label="Family name" typing=Typing::text("family-name")/>
                <TextField field=view.nickname name="nickname" label="Nickname" typing=Typing::text("nickname")/>
                <TextField field=view.display_name name="displayName" label="Display name" typing=Typing::text("off")/>
            </Group>
            <Group legend="About you">
                <TextField
                    field=view.birthday name="birthday" label="Birthday"
                    typing=Typing::text("bday") hint="As YYYY-MM-DD."
                />
                <Gender field=view.gender/>
            </Group>
            <Group legend="Contact">
                <TextField field=view.email name="email" label="Email Address" typing=Typing::EMAIL hint=email_hint/>
                <TextField
                    field=view.mobile_number name="mobileNumber" label="Mobile number"
                    typing=Typing { keyboard: Some("tel"), ..Typing::text("tel") } hint=number_hint
                />
            </Group>
            <Group legend="Address">
                <TextField field=view.address1 name="address1" label="Address line 1" typing=Typing::text("address-line1")/>
                <TextField field=view.address2 name="address2" label="Address line 2" typing=Typing::text("address-line2")/>
                <TextField field=view.city name="city" label="City" typing=Typing::text("address-level2")/>
                <TextField field=view.state_abbreviation name="stateAbbreviation" label="State" typing=Typing::text("address-level1")/>
                <TextField field=view.zip name="zip" label="Postal code" typing=Typing::text("postal-code")/>
                <TextField field=view.country name="country" label="Country" typing=Typing::text("country-name")/>
            </Group>
            <p class="actions">
                <button class="button primary" type="submit">"Save Changes"</button>
            </p>
        </form>
    }
}

#[component]
fn Group(legend: &'static str, children: Children) -> impl IntoView {
    view! {
        <fieldset class="account-group">
            <legend>{legend}</legend>
            {children()}
        </fieldset>
    }
}

/// A choice, with whatever the person has now among it.
#[component]
fn Gender(field: Field) -> impl IntoView {
    let problem = field.problem;
    let now = field.value;
    let own = (!now.is_empty() && !GENDERS.contains(&now.as_str())).then(|| now.clone());
    let options = [String::new()]
        .into_iter()
        .chain(GENDERS.map(str::to_owned))
        .chain(own)
        .map(|value| {
            let label = if value.is_empty() {
                "Not said".to_owned()
            } else {
                value.clone()
            };
            view! { <option selected=value == now value=value>{label}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for="gender">"Gender"</label>
            <select
                id="gender" name="gender" autocomplete="sex"
                aria-describedby=described_by("gender", false, problem.is_some())
                aria-invalid=problem.map(|_| "true")
            >
                {options}
            </select>
            <FieldProblem name="gender" problem/>
        </div>
    }
}
