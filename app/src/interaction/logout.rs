//! Whether to sign out.

use super::card::Card;
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::ConfirmLogoutView;

#[component]
pub fn ConfirmLogout(view: ConfirmLogoutView, title: &'static str) -> impl IntoView {
    let who = view
        .client_name
        .unwrap_or_else(|| "An application".to_owned());
    let place = if view.everywhere {
        " wants to sign you out in every browser. You are signed in as "
    } else {
        " wants to sign you out in this browser. You are signed in as "
    };
    view! {
        <Title text=title/>
        <Card heading="Do you want to log out?">
            <p class="lead"><b>{who}</b> {place} <b>{view.email}</b> "."</p>
            <form method="post" action=view.action>
                <input type="hidden" name="interaction" value=view.interaction/>
                <button class="button primary wide" type="submit" name="action" value="logout">
                    "Logout"
                </button>
                <button class="button wide" type="submit" name="action" value="stay">
                    "Stay signed in"
                </button>
            </form>
        </Card>
    }
}
