//! The funnel: one row per scope, one column per stage.

use diagnosis::funnel::{FirstStop, FunnelRow, Stage, StageResult};
use leptos::prelude::*;

/// Whether the rows tell of a run or of what a run would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    /// Nothing has been sent yet.
    Forecast,
    /// It has happened.
    Done,
}

/// The table of scopes and stages.
#[component]
pub fn FunnelTable(rows: Vec<FunnelRow>, tense: Tense) -> impl IntoView {
    let stages: &[Stage] = match tense {
        Tense::Forecast => &Stage::ALL[..5],
        Tense::Done => &Stage::ALL,
    };
    let many = rows.len() > 12;
    let heads = stages
        .iter()
        .map(|stage| view! { <th role="columnheader" scope="col">{stage.title()}</th> })
        .collect_view();
    let body = rows
        .into_iter()
        .map(|row| view! { <Row row stages/> })
        .collect_view();
    view! {
        <section class="funnel" class:long={many} aria-labelledby="funnel-title">
            <h2 id="funnel-title">"Scope by scope"</h2>
            // The roles are the elements' own; they are named because the style
            // sheet shows rows as cards on a phone, and browsers then forget them.
            <table role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Scope"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody role="rowgroup">{body}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(row: FunnelRow, stages: &'static [Stage]) -> impl IntoView {
    let class = match row.first_stop {
        None => "row",
        Some(FirstStop::NoValue) => "row empty",
        Some(FirstStop::NothingIssued) => "row failed",
        Some(_) => "row lost",
    };
    let cells = stages
        .iter()
        .zip(row.stages)
        .map(|(stage, result)| view! { <Cell stage=*stage result row=row.clone()/> })
        .collect_view();
    view! {
        <tr role="row" class=class data-scope=row.scope.to_string()>
            <th role="rowheader" scope="row">
                <code title=row.scope.to_string()>{row.scope.to_string()}</code>
            </th>
            {cells}
        </tr>
    }
}

#[component]
fn Cell(stage: Stage, result: StageResult, row: FunnelRow) -> impl IntoView {
    let (class, sign, word) = match result {
        StageResult::Passed => ("yes", "✓", "yes"),
        StageResult::Stopped => ("no", "✗", "stopped here"),
        StageResult::NotReached => ("none", "·", "not reached"),
    };
    let note = match (stage, result) {
        (_, StageResult::NotReached) => None,
        (_, StageResult::Stopped) => row.first_stop.map(|stop| stop.reason().to_owned()),
        (Stage::ClaimsExpected, _) => Some(count(row.expected.len())),
        (Stage::ClaimsReceived, _) => {
            Some(format!("{} of {}", row.received.len(), row.expected.len()))
        }
        _ => None,
    };
    view! {
        <td role="cell" class=class data-label=stage.title()>
            <span aria-hidden="true">{sign}</span>
            <span class="sr">{word}</span>
            {note.map(|note| view! { <span class="note">{note}</span> })}
        </td>
    }
}

fn count(claims: usize) -> String {
    match claims {
        1 => "1 claim".to_owned(),
        n => format!("{n} claims"),
    }
}
