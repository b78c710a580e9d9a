//! Loads runs.

use super::{list::TONES, steps::Followed, tokens::Together};
use crate::{
    build::{
        api::{fields_of, workspace},
        workspace::Workspace,
    },
    explain::verdict::tone_signs,
    problem::{NextStep, Problem},
    ssr,
};
use diagnosis::{
    evidence::{Draft, Run},
    since::{Now, Since, since},
    steps::{FurtherStep, effects},
    tokens::{Generation, generations},
    verdict::Tone,
};
use oidc::time::UnixTime;
use playground::{Playground, RunSummary};

/// A run with the one before it and the form for the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct RunData {
    /// The run.
    pub run: Run,
    /// The run it repeats with a change, if that is still kept.
    pub previous: Option<Run>,
    /// The form, filled in with the same choices.
    pub workspace: Workspace,
    /// What was done with its tokens, and what came of it.
    pub further: Vec<Followed>,
    /// Its tokens, the oldest first.
    pub tokens: Vec<Together>,
    /// What has changed in the sandbox since, if anything did.
    pub since: Option<Since>,
    /// The server's time.
    pub now: UnixTime,
    /// The place of a step that was asked for twice and taken once.
    pub repeated: Option<usize>,
    /// Whether secrets are shown.
    pub reveal: bool,
}

/// A line in the list of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLine {
    /// The run's id.
    pub id: String,
    /// When it began, as `2026-11-21 20:46:05 UTC`.
    pub started: String,
    /// Its verdict.
    pub headline: String,
    /// The verdict's kind.
    pub tone: Tone,
    /// What was asked for.
    pub scope: String,
    /// The client's name.
    pub client: String,
}

/// Loads a run of the visitor.
///
/// # Errors
/// When the visitor has no such run, or no longer.
pub async fn load_run(id: String) -> Result<RunData, Problem> {
    let (context, key) = ssr::visitor()?;
    let playground = &context.playground;
    let run = playground.run(&key, &id).await?;
    let previous = match &run.previous {
        Some(id) => playground.run(&key, id).await.ok(),
        None => None,
    };
    let sandbox = playground.sandbox(&key).await?;
    let changed_since = since(
        &run,
        &Now {
            client: sandbox.clients.iter().find(|one| one.id == run.client.id),
            policies: &sandbox.token_policies,
        },
    );
    let fresh = playground.default_draft(&sandbox);
    let next = Draft {
        state: fresh.state.clone(),
        nonce: fresh.nonce.clone(),
        code_verifier: run
            .draft
            .code_verifier
            .as_ref()
            .and(fresh.code_verifier.clone()),
        ..run.draft.clone()
    };
    let workspace = workspace(sandbox, fields_of(&next, &fresh), Some(run.id.clone()));
    let reveal = ssr::query_value("reveal").as_deref() == Some("1");
    let kept = playground.steps(&key, &run.id).await?;
    let steps: Vec<FurtherStep> = kept.iter().map(|step| step.what.clone()).collect();
    let further = kept.into_iter().zip(effects(&run, &steps)).collect();
    let repeated = ssr::query_value("repeated").and_then(|number| number.parse().ok());
    Ok(RunData {
        since: changed_since,
        tokens: tokens_of(&run, &steps),
        now: playground.now(),
        run,
        previous,
        workspace,
        further,
        repeated,
        reveal,
    })
}

/// The tokens of a run, each with whether its access token's signature fits.
fn tokens_of(run: &Run, steps: &[FurtherStep]) -> Vec<Together> {
    let checked = |generation: Generation| {
        let token = &generation.response.access_token;
        let signature = Playground::access_token_signature(run, steps, token);
        (generation, signature)
    };
    generations(run, steps).into_iter().map(checked).collect()
}

/// The list of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs {
    /// Those that were asked for, the newest first.
    pub lines: Vec<RunLine>,
    /// How many there are in all.
    pub all: usize,
    /// The names of the clients that any of them is of.
    pub clients: Vec<String>,
    /// Whose runs alone are listed.
    pub client: Option<String>,
    /// Which verdict's runs alone are listed.
    pub tone: Option<Tone>,
    /// The sandbox's issuer.
    pub issuer: String,
}

/// Loads the visitor's runs, newest first, as far as the query asks for them.
///
/// # Errors
/// When the store fails.
pub async fn load_runs() -> Result<Runs, Problem> {
    let (context, key) = ssr::visitor()?;
    let issuer = context.playground.sandbox(&key).await?.issuer;
    let all = context.playground.runs(&key).await?;
    let mut clients: Vec<String> = all.iter().map(|run| run.client.clone()).collect();
    clients.sort_unstable();
    clients.dedup();
    let client = ssr::query_value("client").filter(|name| !name.is_empty());
    let verdict = ssr::query_value("verdict");
    let tone = TONES
        .into_iter()
        .find(|tone| Some(tone_signs(*tone).0) == verdict.as_deref());
    let fits = |run: &RunSummary| {
        client.as_ref().is_none_or(|name| run.client == *name)
            && tone.is_none_or(|tone| run.tone == tone)
    };
    Ok(Runs {
        all: all.len(),
        lines: all.into_iter().filter(fits).map(line).collect(),
        clients,
        client,
        tone,
        issuer,
    })
}

fn line(run: RunSummary) -> RunLine {
    RunLine {
        id: run.id,
        started: run.started_at.to_string(),
        headline: run.headline,
        tone: run.tone,
        scope: run.scope,
        client: run.client,
    }
}

/// Two runs to compare.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The one at the left.
    pub one: Run,
    /// The one at the right.
    pub other: Run,
}

/// Loads the two runs that the query names as `a` and `b`.
///
/// # Errors
/// When it does not name two, or the visitor does not have one of them.
pub async fn load_pair() -> Result<Pair, Problem> {
    let (context, key) = ssr::visitor()?;
    let named = |name: &str| ssr::query_value(name).filter(|id| !id.is_empty());
    let (Some(one), Some(other)) = (named("a"), named("b")) else {
        let problem = Problem::new(
            400,
            "compare-needs-two",
            "There are not two runs to compare",
            "The address names the runs as `a` and `b`, and one of them is missing. Choose two in the list of runs.",
        );
        return Err(problem.first_step(NextStep::new("Choose two runs", "/runs")));
    };
    Ok(Pair {
        one: context.playground.run(&key, &one).await?,
        other: context.playground.run(&key, &other).await?,
    })
}
