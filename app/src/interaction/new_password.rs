//! Where the link in a mail about a forgotten password leads.

use super::{
    card::Card,
    field::{TextField, Typing},
};
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::{NewPasswordView, SHORTEST_PASSWORD};

#[component]
pub fn NewPassword(view: NewPasswordView, title: &'static str) -> impl IntoView {
    let wrong = view.password.problem.is_some();
    let hint =
        format!("At least {SHORTEST_PASSWORD} characters. You will be signed out everywhere.");
    view! {
        <Title text=if wrong { "No new password yet" } else { title }/>
        <Card heading=title>
            <p class="lead">"For " <b>{view.email.clone()}</b></p>
            <form method="post" action=view.action novalidate>
                <input type="hidden" name="code" value=view.code/>
                <input type="hidden" name="interaction" value=view.interaction/>
                // For what remembers passwords.
                <input
                    type="text" name="email" value=view.email autocomplete="username" hidden
                    readonly aria-label="Email Address"
                />
                <TextField
                    field=view.password name="password" label="New password"
                    typing=Typing::NEW_PASSWORD hint
                />
                <button class="button primary wide" type="submit">"Save"</button>
            </form>
        </Card>
    }
}
