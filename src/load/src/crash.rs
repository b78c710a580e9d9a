//! `load crash`: our server, killed at random moments in the middle of its work.
//!
//! Whatever it acknowledged must still be so when it is back, and no code and no
//! refresh token may be usable twice. What was under way may have happened or
//! not. Only the process that was started here is ever killed.

mod editor;
mod ledger;
mod server;
mod visitor;

use crate::{cli::Servers, failure::Failure, profile::Profile, random, target::Target};
use anyhow::Context as _;
use clap::Args;
use editor::Editor;
use ledger::{Counts, Ledger};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use server::Server;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;
use visitor::Visitor;

/// How many people sign in at the same time.
const VISITORS: u64 = 6;
/// After how many milliseconds of work the server is killed.
const MOMENTS: std::ops::Range<u64> = 300..1500;

/// Which server is killed, and how often.
#[derive(Debug, Args)]
pub struct CrashOptions {
    /// The server's program
    #[arg(long, value_name = "FILE")]
    pub server: PathBuf,
    /// What `oidc-playground demo --json` printed; the server listens where its
    /// issuer is
    #[arg(long, value_name = "FILE")]
    pub demo: PathBuf,
    /// Where the server keeps its data: a file that is not there yet
    #[arg(long, value_name = "URL")]
    pub database_url: String,
    /// How often it is killed
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub rounds: u16,
    /// What chance begins with: the same moments and choices each time
    #[arg(long)]
    pub seed: Option<u64>,
}

/// Whether the server is being killed, so that its silence is no mistake.
#[derive(Clone, Debug, Default)]
struct Killed(Arc<AtomicBool>);

impl Killed {
    fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Kills the server so many times and prints a line each; `false` when something
/// was lost, or usable twice.
///
/// # Errors
/// When the server cannot be started, or nobody can sign in to it.
pub async fn run(options: &CrashOptions) -> anyhow::Result<bool> {
    let seed = match options.seed {
        Some(seed) => seed,
        None => random::seed()?,
    };
    let mut crash = Crash::begin(options, seed).await?;
    let mut total = Counts::default();
    let mut violations = 0;
    for round in 1..=options.rounds {
        let (moment, ledger) = crash.work_until_killed().await?;
        crash.server.start().await?;
        let wrong = crash.violations(&ledger).await?;
        let count: u64 = wrong.values().sum();
        println!(
            "round {round}: killed after {moment} ms; {}; {count} violations",
            ledger.counts
        );
        for (failure, times) in wrong {
            println!("    {times} times: {failure}");
        }
        total += ledger.counts;
        violations += count;
    }
    println!(
        "{} rounds with seed {seed}: {total}; {violations} violations",
        options.rounds
    );
    total.prove_something()?;
    Ok(violations == 0)
}

/// The server and whoever keeps it busy.
struct Crash {
    chance: StdRng,
    server: Server,
    target: Target,
    visitors: Vec<Visitor>,
    editor: Editor,
}

impl Crash {
    async fn begin(options: &CrashOptions, seed: u64) -> anyhow::Result<Self> {
        let profile = profile(options)?;
        let login = profile.login.clone().context("nobody can sign in")?;
        let machine = profile.machine.clone().context("nobody may configure")?;
        let server = Server::new(options, &profile.issuer).await?;
        let target = Target::find(profile).await?;
        let visitors = (1..=VISITORS)
            .map(|number| Visitor::new(&target, &login, number, seed))
            .collect::<Result<_, _>>()?;
        let editor = Editor::begin(&target, machine).await?;
        Ok(Self {
            chance: StdRng::seed_from_u64(seed),
            server,
            target,
            visitors,
            editor,
        })
    }

    /// Lets everybody work for a while and kills the server under them. Returns
    /// after how many milliseconds, and what they were told until then.
    async fn work_until_killed(&mut self) -> anyhow::Result<(u64, Ledger)> {
        let killed = Killed::default();
        self.editor.authorize(&self.target).await?;
        let mut working = JoinSet::new();
        for visitor in self.visitors.drain(..) {
            working.spawn(visitor.work(killed.clone()));
        }
        let moment = self.chance.random_range(MOMENTS);
        let kill = async {
            tokio::time::sleep(Duration::from_millis(moment)).await;
            killed.set();
            self.server.kill()
        };
        let (edited, done) = tokio::join!(self.editor.work(&killed), kill);
        done?;
        let mut ledger = Ledger::default();
        ledger.counts.edits = edited.acknowledged;
        ledger.wrong.extend(edited.wrong);
        let mut visitors = Vec::new();
        while let Some(back) = working.join_next().await {
            let (visitor, seen) = back?;
            visitors.push(visitor);
            ledger.add(seen);
        }
        // In the order in which they began, whoever came back first.
        visitors.sort_by_key(Visitor::number);
        self.visitors = visitors;
        Ok((moment, ledger))
    }

    /// What the server, started again, got wrong.
    async fn violations(&mut self, ledger: &Ledger) -> anyhow::Result<BTreeMap<Failure, u64>> {
        let mut wrong = ledger.verify(&self.target).await?;
        if let Err(failure) = self.editor.verify().await {
            wrong.push(failure);
        }
        let mut counted = BTreeMap::new();
        for failure in wrong {
            *counted.entry(failure).or_default() += 1;
        }
        Ok(counted)
    }
}

fn profile(options: &CrashOptions) -> anyhow::Result<Profile> {
    let servers = Servers {
        demo: Some(options.demo.clone()),
        pid: None,
        profile: Vec::new(),
        issuer: None,
        client: None,
        secret: String::new(),
        scope: String::new(),
    };
    servers
        .profiles()?
        .into_iter()
        .next()
        .context("the demo is no server")
}
