//! A field of a form and what is wrong with it.

use crate::components::field::{described_by, hint_id, problem_id};
use leptos::prelude::*;
use provider::screen::Field;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Typing {
    /// `type`; plain text when empty.
    pub kind: &'static str,
    /// `inputmode`: the keyboard of a phone.
    pub keyboard: Option<&'static str>,
    /// `autocomplete`: what the browser knows.
    /// [HTML section 4.10.18.7](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill)
    pub autocomplete: &'static str,
    /// Whether it must be filled in.
    pub required: bool,
}

impl Typing {
    /// An e-mail address.
    pub const EMAIL: Self = Self {
        kind: "text",
        keyboard: Some("email"),
        autocomplete: "username",
        required: true,
    };
    /// A password that is to be set.
    pub const NEW_PASSWORD: Self = Self {
        kind: "password",
        keyboard: None,
        autocomplete: "new-password",
        required: true,
    };

    /// A line of text.
    #[must_use]
    pub const fn text(autocomplete: &'static str) -> Self {
        Self {
            kind: "text",
            keyboard: None,
            autocomplete,
            required: false,
        }
    }

    /// The same, not to be left empty.
    #[must_use]
    pub const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }
}

/// An input with its label, a hint, and what is wrong with it.
#[component]
pub fn TextField(
    field: Field,
    name: &'static str,
    label: &'static str,
    typing: Typing,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let problem = field.problem;
    let described = described_by(name, hint.is_some(), problem.is_some());
    let is_name = typing.keyboard.is_some() || typing.kind == "password";
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name name=name type=typing.kind inputmode=typing.keyboard
                autocomplete=typing.autocomplete required=typing.required
                autocapitalize=is_name.then_some("none") spellcheck=is_name.then_some("false")
                aria-describedby=described aria-invalid=problem.map(|_| "true") value=field.value
            />
            {hint.map(|hint| view! { <p class="hint" id=hint_id(name)>{hint}</p> })}
            <FieldProblem name problem/>
        </div>
    }
}

/// What is wrong with the field of this name.
#[component]
pub fn FieldProblem(name: &'static str, problem: Option<&'static str>) -> impl IntoView {
    problem.map(|problem| {
        view! {
            <p class="field-problem" id=problem_id(name)>
                <span class="sign" aria-hidden="true">"✕"</span>
                {problem}
            </p>
        }
    })
}
