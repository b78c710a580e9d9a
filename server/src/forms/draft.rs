//! The prediction for people without scripts: the form, sent back to the first page.

use super::{Answer, Pairs, see_other};
use axum::Form;
use oidc::authorization::append_query;

/// Puts the form's fields into the address of the first page, which shows what
/// they would bring. The code verifier is a secret and stays out of addresses;
/// the page makes a new one.
pub(crate) async fn post(Form(pairs): Form<Pairs>) -> Answer {
    let fields = pairs
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "code_verifier" | "previous"))
        .map(|(name, value)| (name.as_str(), value.as_str()));
    see_other(&append_query("/", fields))
}
