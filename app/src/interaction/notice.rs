//! Screens that only say something.

use super::card::Card;
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::Notice;

const fn text(notice: Notice) -> &'static str {
    match notice {
        Notice::LoggedOut => {
            "You are signed out. Tokens that an application already has keep working until they expire or are revoked."
        }
        Notice::StillSignedIn => "Nothing was changed. You can close this page.",
        Notice::PasswordChanged => {
            "Your password has been changed, and you are signed out everywhere. Go back to the application and sign in."
        }
        Notice::Cancelled => "Nobody was signed in. You can close this page.",
    }
}

#[component]
pub fn NoticePage(notice: Notice, title: &'static str) -> impl IntoView {
    view! {
        <Title text=title/>
        <Card heading=title>
            <p>{text(notice)}</p>
        </Card>
    }
}
