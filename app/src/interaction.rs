//! The provider's screens, Hosted Login's in spirit: plain forms.
//!
//! What they show is decided by the provider, whose [`Screen`] the server puts
//! into the context of the page.

pub mod account_created;
pub mod card;
pub mod field;
pub mod forgot_password;
pub mod logout;
pub mod new_password;
pub mod notice;
pub mod profile;
pub mod registration;
pub mod sign_in;

use leptos::prelude::*;
use provider::Screen;

/// Draws what the provider wants a person to see.
#[component]
pub fn ScreenPage(screen: Screen) -> impl IntoView {
    let title = screen.title();
    match screen {
        Screen::SignIn(view) => view! { <sign_in::SignIn view=*view title/> }.into_any(),
        Screen::Registration(view) => {
            view! { <registration::Registration view=*view title/> }.into_any()
        }
        Screen::AccountCreated(view) => {
            view! { <account_created::AccountCreated view=*view title/> }.into_any()
        }
        Screen::ForgotPassword(view) => {
            view! { <forgot_password::ForgotPassword view=*view title/> }.into_any()
        }
        Screen::MailSent(view) => {
            view! { <forgot_password::MailSent view=*view title/> }.into_any()
        }
        Screen::NewPassword(view) => {
            view! { <new_password::NewPassword view=*view title/> }.into_any()
        }
        Screen::Profile(view) => view! { <profile::Profile view=*view title/> }.into_any(),
        Screen::ConfirmLogout(view) => {
            view! { <logout::ConfirmLogout view=*view title/> }.into_any()
        }
        Screen::Notice(notice) => view! { <notice::NoticePage notice title/> }.into_any(),
    }
}
