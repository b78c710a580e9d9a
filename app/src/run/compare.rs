//! Two runs side by side.

use super::api::{Pair, load_pair};
use crate::{
    build::page::sandbox_id, components::prose::Prose, layout::Layout, problem_page::ProblemPage,
};
use diagnosis::{
    beside::{Group, How, Row, beside},
    compare,
    evidence::Run,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ComparePage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_pair().await {
                    Ok(pair) => view! { <Compared pair/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Compared(pair: Pair) -> impl IntoView {
    let Pair { one, other } = pair;
    let sandbox = sandbox_id(&one.issuer);
    let same = one.id == other.id;
    let swapped = format!("/runs/compare?a={}&b={}", other.id, one.id);
    let groups = beside(&one, &other)
        .into_iter()
        .map(|group| view! { <Compare group/> })
        .collect_view();
    let differences = if same {
        view! {
            <p class="lead">
                "Both sides are the same run, so nothing differs. Choose another in the list of runs."
            </p>
        }
        .into_any()
    } else {
        differences(&one, &other)
    };
    view! {
        <Title text="Two runs compared"/>
        <Layout sandbox>
            <main id="main" class="page compare">
                <h1>"Two runs compared"</h1>
                {differences}
                <p class="actions">
                    <a class="button small" href=swapped>"Swap the sides"</a>
                    <a class="button small" href="/runs">"Choose others"</a>
                </p>
                <div class="compared-runs">
                    <Side run=one name="Left"/>
                    <Side run=other name="Right"/>
                </div>
                {groups}
            </main>
        </Layout>
    }
}

/// What the later run has and the earlier had not, in sentences.
fn differences(one: &Run, other: &Run) -> AnyView {
    let repeats = one.previous.as_ref() == Some(&other.id);
    let (earlier, later) = if repeats || other.started_at < one.started_at {
        (other, one)
    } else {
        (one, other)
    };
    let items = compare::diff(earlier, later)
        .lines()
        .into_iter()
        .map(|text| view! { <li><Prose text/></li> })
        .collect_view();
    view! {
        <section class="changes" aria-labelledby="differences-title">
            <h2 id="differences-title">"From the earlier to the later"</h2>
            <ul class="effects">{items}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Side(run: Run, name: &'static str) -> impl IntoView {
    let headline = diagnosis::verdict::verdict(&run).headline;
    view! {
        <p>
            <span class="hint">{name} " · " <time>{run.started_at.to_string()}</time></span>
            <a href=format!("/runs/{}", run.id)><Prose text=headline/></a>
        </p>
    }
}

/// A group of rows: what differs at once, everything else on request.
#[component]
fn Compare(group: Group) -> impl IntoView {
    let (different, others): (Vec<Row>, Vec<Row>) =
        group.rows.into_iter().partition(Row::is_different);
    let summary = match (different.len(), others.len()) {
        (0, 0) => "Neither run has any".to_owned(),
        (0, _) => "No difference".to_owned(),
        (1, _) => "1 difference".to_owned(),
        (more, _) => format!("{more} differences"),
    };
    let others = (!others.is_empty()).then(|| {
        let label = match others.len() {
            1 => "1 more, the same or new in every run".to_owned(),
            more => format!("{more} more, the same or new in every run"),
        };
        view! {
            <details class="quiet">
                <summary>{label}</summary>
                <Rows rows=others/>
            </details>
        }
    });
    let title_id = format!("{}-title", group.id);
    let heading_id = title_id.clone();
    view! {
        <section class="compared" id=group.id aria-labelledby=title_id>
            <div class="section-head">
                <h2 id=heading_id>{group.title}</h2>
                <p class="hint">{summary}</p>
            </div>
            {(!different.is_empty()).then(|| view! { <Rows rows=different/> })}
            {others}
        </section>
    }
}

#[component]
fn Rows(rows: Vec<Row>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| view! { <Line row/> })
        .collect_view();
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col"><span class="sr">"What"</span></th>
                    <th scope="col">"Left"</th>
                    <th scope="col">"Right"</th>
                    <th scope="col"><span class="sr">"Compared"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The class, the sign and the words of a comparison: never colour alone.
const fn signs(how: How) -> (&'static str, &'static str, &'static str) {
    match how {
        How::Same => ("same", "=", "the same"),
        How::Differs => ("differs", "≠", "differs"),
        How::OnlyOne => ("differs", "−", "only left"),
        How::OnlyOther => ("differs", "+", "only right"),
        How::AlwaysNew => ("same", "·", "new in every run"),
    }
}

#[component]
fn Line(row: Row) -> impl IntoView {
    let (class, sign, word) = signs(row.how);
    view! {
        <tr class=class>
            <th scope="row"><code>{row.name}</code></th>
            {cell("Left", row.one)}
            {cell("Right", row.other)}
            <td class="how">
                <span aria-hidden="true">{sign}</span>
                " "
                {word}
            </td>
        </tr>
    }
}

fn cell(side: &'static str, value: Option<String>) -> impl IntoView {
    let content = match value {
        Some(text) => view! { <code class="wrap">{text}</code> }.into_any(),
        None => view! { <span class="hint">"nothing"</span> }.into_any(),
    };
    view! { <td data-label=side>{content}</td> }
}
