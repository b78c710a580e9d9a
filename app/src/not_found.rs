//! The page for an address that leads nowhere.

use crate::problem::{Problem, ProblemPage};
use leptos::prelude::*;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <ProblemPage problem=Problem::not_found()/> }
}
