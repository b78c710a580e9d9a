//! Fields of the playground's own forms, with what is wrong with them.

use crate::components::prose::Prose;
use leptos::prelude::*;

/// A line of text with its label, a hint, and what is wrong with it.
#[component]
pub fn TextInput(
    /// The field's name in the form, and its id.
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    /// What is wrong with it. Text in backquotes is code.
    #[prop(optional_no_strip)]
    problem: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    /// `inputmode`: the keyboard of a phone.
    #[prop(optional)]
    keyboard: Option<&'static str>,
    /// Whether what is typed is code: shown in the monospace font.
    #[prop(optional)]
    code: bool,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let described = described_by(name, hint.is_some(), problem.is_some());
    let invalid = problem.as_ref().map(|_| "true");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name name=name type="text" inputmode=keyboard class:code=code
                autocomplete="off" autocapitalize="none" spellcheck="false" required=required
                aria-describedby=described aria-invalid=invalid value=value
            />
            <Remarks name hint problem/>
        </div>
    }
}

/// Several lines of text, such as JSON, with a label, a hint, and what is wrong.
#[component]
pub fn TextArea(
    /// The field's name in the form, and its id.
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    /// What is wrong with it. Text in backquotes is code.
    #[prop(optional_no_strip)]
    problem: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    /// How many lines are shown at least.
    rows: usize,
) -> impl IntoView {
    let described = described_by(name, hint.is_some(), problem.is_some());
    let invalid = problem.as_ref().map(|_| "true");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea
                id=name name=name rows=rows class="code" autocomplete="off"
                autocapitalize="none" spellcheck="false"
                aria-describedby=described aria-invalid=invalid
            >
                {
                    // A browser drops the first line break of a text area.
                    format!("\n{value}")
                }
            </textarea>
            <Remarks name hint problem/>
        </div>
    }
}

/// A choice of one, with a label, a hint, and what is wrong.
#[component]
pub fn Select(
    /// The field's name in the form, and its id.
    name: &'static str,
    label: &'static str,
    #[prop(into)] value: String,
    /// Values and what they are called. A value that is none of them stays
    /// chosen all the same, so that it is not lost.
    options: Vec<(String, String)>,
    /// What is wrong with it. Text in backquotes is code.
    #[prop(optional_no_strip)]
    problem: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let described = described_by(name, hint.is_some(), problem.is_some());
    let invalid = problem.as_ref().map(|_| "true");
    let known = options.iter().any(|(own, _)| *own == value);
    let stray = (!known).then(|| (value.clone(), value.clone()));
    let options = stray
        .into_iter()
        .chain(options)
        .map(|(own, text)| {
            let selected = own == value;
            view! { <option value=own selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name aria-describedby=described aria-invalid=invalid>
                {options}
            </select>
            <Remarks name hint problem/>
        </div>
    }
}

/// What is said under a field.
#[component]
fn Remarks(
    name: &'static str,
    #[prop(optional_no_strip)] hint: Option<String>,
    #[prop(optional_no_strip)] problem: Option<String>,
) -> impl IntoView {
    view! {
        {hint.map(|hint| view! { <p class="hint" id=hint_id(name)><Prose text=hint/></p> })}
        {problem
            .map(|problem| {
                view! {
                    <p class="field-problem" id=problem_id(name)>
                        <span class="sign" aria-hidden="true">"✕"</span>
                        <span><Prose text=problem/></span>
                    </p>
                }
            })}
    }
}

/// What is wrong with the whole form: the first thing on the page after it.
#[component]
pub fn FormProblem(#[prop(optional_no_strip)] problem: Option<String>) -> impl IntoView {
    problem.map(|problem| {
        view! {
            <p class="alert" role="alert">
                <span class="sign" aria-hidden="true">"✕"</span>
                <span><Prose text=problem/></span>
            </p>
        }
    })
}

/// The id of a field's hint.
#[must_use]
pub fn hint_id(name: &str) -> String {
    format!("{name}-hint")
}

/// The id of what is wrong with a field.
#[must_use]
pub fn problem_id(name: &str) -> String {
    format!("{name}-problem")
}

/// The ids of what is said of a field.
#[must_use]
pub fn described_by(name: &str, hint: bool, problem: bool) -> Option<String> {
    match (hint, problem) {
        (false, false) => None,
        (true, false) => Some(hint_id(name)),
        (false, true) => Some(problem_id(name)),
        (true, true) => Some(format!("{} {}", hint_id(name), problem_id(name))),
    }
}

#[cfg(test)]
mod tests {
    use super::described_by;

    #[test]
    fn a_field_names_what_is_said_of_it() {
        for (hint, problem, expected) in [
            (false, false, None),
            (true, false, Some("email-hint")),
            (false, true, Some("email-problem")),
            (true, true, Some("email-hint email-problem")),
        ] {
            assert_eq!(described_by("email", hint, problem).as_deref(), expected);
        }
    }
}
