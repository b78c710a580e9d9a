//! The provider's screens, Hosted Login's in spirit: plain forms.
//!
//! What they show is decided by the provider, whose [`Screen`] the server puts
//! into the context of the page.

pub mod sign_in;

use leptos::prelude::*;
use provider::Screen;

/// Draws what the provider wants a person to see.
#[component]
pub fn ScreenPage(screen: Screen) -> impl IntoView {
    match screen {
        Screen::SignIn(view) => view! { <sign_in::SignIn view=*view/> }.into_any(),
    }
}
