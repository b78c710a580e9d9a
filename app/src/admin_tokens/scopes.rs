//! Requested beside granted, one row per scope.

use crate::components::prose::Prose;
use diagnosis::admin::{OUR_READING, ScopeRow};
use leptos::prelude::*;

/// Each scope with what became or will become of it, and why.
#[component]
pub fn ScopeRows(
    rows: Vec<ScopeRow>,
    /// What the rows are called.
    title: &'static str,
    /// Said where there is no row.
    none: &'static str,
) -> impl IntoView {
    let ours = rows.iter().any(|row| row.our_reading);
    let content = if rows.is_empty() {
        view! { <p class="hint"><Prose text=none/></p> }.into_any()
    } else {
        let rows = rows
            .into_iter()
            .map(|row| view! { <Row row/> })
            .collect_view();
        view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Scope"</th>
                        <th scope="col">"Requested"</th>
                        <th scope="col">"Granted"</th>
                        <th scope="col">"Why, and what for"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="funnel admin-scopes" aria-labelledby="scopes-title">
            <h2 id="scopes-title">{title}</h2>
            {content}
            {ours.then(|| view! { <OurReadingReason/> })}
        </section>
    }
}

#[component]
fn Row(row: ScopeRow) -> impl IntoView {
    let (class, cell, sign, word) = if row.granted {
        ("row", "yes", "✓", "granted")
    } else {
        ("row lost", "no", "✗", "dropped")
    };
    let word_sent = row.word.clone();
    view! {
        <tr class=class data-scope=word_sent>
            <th scope="row"><code>{row.word}</code></th>
            <td class="yes" data-label="requested"><span aria-hidden="true">"✓"</span><span class="sr">"requested"</span></td>
            <td class=cell>
                <span aria-hidden="true">{sign}</span>" "{word}
            </td>
            <td class="why">
                <Prose text=row.note/>
                {row.our_reading.then(|| view! { <OurReading/> })}
            </td>
        </tr>
    }
}

/// Why something carries that mark.
#[component]
pub fn OurReadingReason() -> impl IntoView {
    view! { <p class="hint"><Prose text=OUR_READING/></p> }
}

/// The mark of what rests on our reading of a sign.
#[component]
pub fn OurReading() -> impl IntoView {
    view! {
        " "<span class="reading" title=OUR_READING.replace('`', "")>"our reading"</span>
    }
}
