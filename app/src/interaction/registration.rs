//! The Create Account screen.

use super::{
    card::{Alert, Card, FIELDS_ARE_WRONG},
    field::{TextField, Typing},
};
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::{Refusal, RegistrationView, SHORTEST_PASSWORD};

/// What keeps the account from being made.
fn problem(view: &RegistrationView) -> Option<&'static str> {
    match view.refusal {
        Some(Refusal::SlowDown) => {
            Some("Too many accounts were asked for. Wait a minute, then try again.")
        }
        Some(Refusal::Full) => Some("There is no room for another account here."),
        None => view.has_problem().then_some(FIELDS_ARE_WRONG),
    }
}

#[component]
pub fn Registration(view: RegistrationView, title: &'static str) -> impl IntoView {
    let problem = problem(&view);
    let password_hint = format!("At least {SHORTEST_PASSWORD} characters.");
    view! {
        <Title text=if problem.is_some() { "No account yet" } else { title }/>
        <Card heading=title>
            <p class="lead">"For " <b>{view.client_name}</b></p>
            {problem.map(|text| view! { <Alert text/> })}
            <form method="post" action=view.action.clone() novalidate>
                <input type="hidden" name="interaction" value=view.interaction.clone()/>
                <TextField field=view.email name="email" label="Email Address" typing=Typing::EMAIL/>
                <TextField
                    field=view.password name="password" label="Password"
                    typing=Typing::NEW_PASSWORD hint=password_hint
                />
                <TextField
                    field=view.given_name name="givenName" label="Given name"
                    typing=Typing::text("given-name").required()
                />
                <TextField
                    field=view.family_name name="familyName" label="Family name"
                    typing=Typing::text("family-name").required()
                />
                <TextField
                    field=view.display_name name="displayName" label="Display name (optional)"
                    typing=Typing::text("nickname")
                />
                <LegalNotice public=view.public/>
                <button class="button primary wide" type="submit">"Create Account"</button>
            </form>
            <form method="post" action=view.action>
                <input type="hidden" name="interaction" value=view.interaction/>
                <button class="button wide" type="submit" name="action" value="cancel">"Cancel"</button>
            </form>
            <p class="hint">
                "You have an account? " <a href=view.sign_in>"Sign in"</a>
            </p>
        </Card>
    }
}

#[component]
fn LegalNotice(public: bool) -> impl IntoView {
    let warning = if public {
        "This is a public demo: everybody can see and change this account. Do not use real data, nor a password you use elsewhere."
    } else {
        "This is a mock: do not use real data, nor a password you use elsewhere. No mail is sent."
    };
    view! { <p class="hint">{warning}</p> }
}
