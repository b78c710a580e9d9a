//! `load volume`: many flows and many abandoned requests, and what they leave
//! behind in the server's memory.

use crate::{
    cli::VolumeOptions, failure::Failure, login, process, profile::Login, scenario::Scenario,
    target::Target, user::User,
};
use anyhow::Context as _;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};
use tokio::task::JoinSet;

/// After so many errors a connection gives up.
const GIVE_UP: u64 = 20;

/// What is done again and again.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// [`Scenario::Flow`] or [`Scenario::FlowPassword`].
    Flow(Scenario),
    Abandoned,
}

/// Does it at every server and prints what it left; `false` when something was
/// wrong.
pub(crate) async fn run(options: &VolumeOptions) -> anyhow::Result<bool> {
    let mut clean = true;
    for profile in options.servers.profiles()? {
        let name = profile.name.clone();
        let target = Target::find(profile)
            .await
            .with_context(|| format!("{name} cannot be measured"))?;
        println!("{name}: {}", memory(&target));
        for (kind, times, what) in [
            (Kind::Flow(Scenario::Flow), options.flows, "flows"),
            (
                Kind::Flow(Scenario::FlowPassword),
                options.password_flows,
                "flows with a password",
            ),
            (Kind::Abandoned, options.abandon, "abandoned requests"),
        ] {
            if times == 0 {
                continue;
            }
            let begin = Instant::now();
            let failures = repeat(&target, kind, times, options.connections).await?;
            let seconds = begin.elapsed().as_secs();
            println!("{times} {what} in {seconds} s: {}", memory(&target));
            clean &= failures.is_empty();
            for (failure, times) in failures {
                println!("    {times} times: {failure}");
            }
        }
    }
    Ok(clean)
}

fn memory(target: &Target) -> String {
    target
        .profile
        .pid
        .and_then(process::resident_memory)
        .map_or_else(
            || "the server's memory is not known".to_owned(),
            |kibibytes| format!("the server uses {} MiB", kibibytes.div_ceil(1024)),
        )
}

/// Does it so many times on so many connections.
async fn repeat(
    target: &Target,
    kind: Kind,
    times: u64,
    connections: u16,
) -> anyhow::Result<BTreeMap<Failure, u64>> {
    let login = target.profile.login.as_ref();
    let login = login.context("nobody can sign in to this server")?;
    let scenario = match kind {
        Kind::Flow(scenario) => scenario,
        Kind::Abandoned => Scenario::Flow,
    };
    let left = Arc::new(AtomicU64::new(times));
    let mut working = JoinSet::new();
    for _ in 0..connections {
        let user = User::new(target, scenario).await?;
        working.spawn(work(
            user,
            target.clone(),
            login.clone(),
            kind,
            left.clone(),
        ));
    }
    let mut all = BTreeMap::new();
    while let Some(failures) = working.join_next().await {
        for (failure, times) in failures? {
            *all.entry(failure).or_default() += times;
        }
    }
    Ok(all)
}

async fn work(
    mut user: User,
    target: Target,
    login: Login,
    kind: Kind,
    left: Arc<AtomicU64>,
) -> BTreeMap<Failure, u64> {
    let mut connection = target.connection();
    let mut failures = BTreeMap::new();
    let mut errors = 0;
    let take = |left: u64| left.checked_sub(1);
    while errors < GIVE_UP
        && left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    {
        let done = match kind {
            Kind::Flow(_) => user.once().await,
            Kind::Abandoned => login::abandon(&mut connection, &target, &login).await,
        };
        if let Err(failure) = done {
            errors += 1;
            *failures.entry(failure).or_default() += 1;
        }
    }
    failures
}
