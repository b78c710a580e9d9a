//! The Account Created screen.

use super::card::Card;
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::AccountCreatedView;

#[component]
pub fn AccountCreated(view: AccountCreatedView, title: &'static str) -> impl IntoView {
    view! {
        <Title text=title/>
        <Card heading=title>
            <p class="lead">"You are signed in as " <b>{view.email}</b> "."</p>
            <form method="post" action=view.action>
                <input type="hidden" name="interaction" value=view.interaction/>
                <button class="button primary wide" type="submit">
                    "Continue to " {view.client_name}
                </button>
            </form>
        </Card>
    }
}
