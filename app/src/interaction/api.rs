//! Loads what the sign-in page shows.

use crate::{problem::Problem, ssr};
use http::request::Parts;
use leptos::prelude::*;
use policy::profile::Person;

/// An authorization request that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Who asks.
    pub client_name: String,
    /// Fills in the e-mail address.
    pub login_hint: String,
    /// What is asked for.
    pub scope: String,
    /// People who sign in with one click; empty where that is not allowed.
    pub one_click: Vec<Person>,
    /// The password of all of them, where it may be told.
    pub password: Option<String>,
    /// Where the form goes.
    pub action: String,
    /// Which request it answers.
    pub interaction: String,
    /// What was wrong with the last try.
    pub problem: Option<String>,
}

/// Loads the request that waits; its key stands in the address.
///
/// # Errors
/// When it is over, unknown, or belongs to another browser.
pub async fn load_sign_in(customer: String) -> Result<SignIn, Problem> {
    let (context, _) = ssr::visitor()?;
    let parts = use_context::<Parts>().ok_or_else(Problem::internal)?;
    let interaction = ssr::query_value("interaction").unwrap_or_default();
    let view = context
        .provider
        .sign_in_view(&customer, &interaction, &parts.headers)
        .await?;
    Ok(SignIn {
        client_name: view.client_name,
        login_hint: view.login_hint.unwrap_or_default(),
        scope: view.requested.to_string(),
        one_click: view.one_click,
        password: view.password_note,
        action: view.action,
        interaction: view.interaction,
        problem: ssr::query_value("problem"),
    })
}
