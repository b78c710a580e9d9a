//! What a PUT or POST will change, property by property.

use crate::components::prose::Prose;
use diagnosis::{
    consequences::Warning,
    put::{How, Line},
};
use leptos::prelude::*;

/// The field a person ticks who wants to be locked out all the same.
pub const SURE: &str = "sure";

/// What will change, before it is sent.
#[component]
pub fn Review(
    lines: Vec<Line>,
    warnings: Vec<Warning>,
    /// Whether the person said to be sure already.
    sure: bool,
    /// Whether something new is made.
    #[prop(optional)]
    new: bool,
) -> impl IntoView {
    let changes = lines.iter().filter(|line| line.changes()).count();
    let resets = lines.iter().filter(|line| line.how == How::Reset).count();
    let summary = match (new, changes, resets) {
        (true, ..) => "These properties it will have.".to_owned(),
        (false, 0, _) => "Nothing: everything is as it is now.".to_owned(),
        (false, 1, 1) => {
            "1 property, because the body leaves it out. PUT replaces all of it.".to_owned()
        }
        (false, changes, 0) => format!("{}.", counted(changes)),
        (false, changes, resets) => format!(
            "{}, {resets} of them because the body leaves them out. PUT replaces all of it.",
            counted(changes)
        ),
    };
    let locks_out = warnings.iter().any(|warning| warning.locks_out);
    let warnings = warnings
        .into_iter()
        .map(|warning| view! { <WarningLine warning/> })
        .collect_view();
    view! {
        <p class="hint">{summary}</p>
        {warnings}
        {locks_out
            .then(|| {
                view! {
                    <label class="choice">
                        <input type="checkbox" name=SURE value="lock-out" checked=sure/>
                        <span>"I know, and send it all the same"</span>
                    </label>
                }
            })}
        <Lines lines before=!new/>
    }
}

fn counted(changes: usize) -> String {
    match changes {
        1 => "1 property".to_owned(),
        many => format!("{many} properties"),
    }
}

/// A warning, with its sign.
#[component]
pub fn WarningLine(warning: Warning) -> impl IntoView {
    let class = if warning.locks_out {
        "alert"
    } else {
        "alert warning"
    };
    view! {
        <p class=class>
            <span class="sign" aria-hidden="true">"▲"</span>
            <span><span class="sr">"Warning: "</span><Prose text=warning.text/></span>
        </p>
    }
}

/// Properties, before and after.
#[component]
pub fn Lines(
    lines: Vec<Line>,
    /// Whether there is a before.
    before: bool,
) -> impl IntoView {
    let rows = lines
        .into_iter()
        .map(|line| view! { <Row line before/> })
        .collect_view();
    view! {
        <table class="changes-table">
            <thead>
                <tr>
                    <th scope="col">"Property"</th>
                    {before.then(|| view! { <th scope="col">"Now"</th> })}
                    <th scope="col">{if before { "Afterwards" } else { "Value" }}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Row(line: Line, before: bool) -> impl IntoView {
    let (class, sign, word) = match line.how {
        How::Same => ("row same", "", ""),
        How::LeftOut => ("row same", "", "left out"),
        How::Changed if before => ("row changed", "●", "changed"),
        How::Changed => ("row", "", ""),
        How::Reset => ("row reset", "▲", "left out"),
        How::Ignored => ("row same", "", "ignored"),
    };
    let remark = line
        .remark
        .map(|remark| view! { <p class="remark"><Prose text=remark/></p> });
    let value = |value: Option<String>| match value {
        Some(value) => view! { <code>{value}</code> }.into_any(),
        None => view! { <span class="hint">"none"</span> }.into_any(),
    };
    view! {
        <tr class=class>
            <th scope="row">
                <code>{line.property}</code>
                {(!word.is_empty())
                    .then(|| view! { <span class="word"><span aria-hidden="true">{sign}</span>" "{word}</span> })}
            </th>
            {before.then(|| view! { <td data-label="Now">{value(line.before)}</td> })}
            <td data-label=if before { "Afterwards" } else { "Value" }>{value(line.after)} {remark}</td>
        </tr>
    }
}
