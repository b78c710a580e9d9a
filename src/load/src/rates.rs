//! `load rates`: every scenario at every server.

use crate::{
    cli::RatesOptions,
    equipment::Equipment,
    failure::Failure,
    measure::{self, Plan, Round},
    report::{Report, Row},
    scenario::Scenario,
    signing,
    target::Target,
};
use anyhow::Context as _;
use std::{collections::BTreeMap, fs, time::Duration};

/// How long everybody works before it counts.
const WARM_UP: Duration = Duration::from_secs(1);

/// Measures and prints; `false` when something was wrong.
pub(crate) async fn run(options: &RatesOptions) -> anyhow::Result<bool> {
    let mut targets = Vec::new();
    let mut equipments = Vec::new();
    for mut profile in options.servers.profiles()? {
        let name = profile.name.clone();
        let equipment = Equipment::add(&mut profile).await;
        equipments.extend(equipment.with_context(|| format!("{name} cannot be set up"))?);
        let target = Target::find(profile)
            .await
            .with_context(|| format!("{name} cannot be measured"))?;
        targets.push(target);
    }
    let plan = Plan {
        connections: options.connections,
        warm_up: WARM_UP,
        measured: Duration::from_secs(options.seconds.into()),
    };
    let mut report = Report::new(
        targets
            .iter()
            .map(|target| target.profile.name.clone())
            .collect(),
        options,
        signing::rates(Duration::from_secs(1))?,
    );
    println!("{}", report.head());
    for scenario in chosen(&options.only) {
        let rows = scenario_rows(&targets, scenario, plan, options.rounds).await;
        println!("{}", report.add(scenario, rows));
    }
    for equipment in equipments {
        equipment.remove().await?;
    }
    if let Some(note) = report.note() {
        println!("{note}");
    }
    if let Some(file) = &options.json {
        fs::write(file, report.json()?)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(report.is_clean())
}

fn chosen(only: &[Scenario]) -> impl Iterator<Item = Scenario> {
    Scenario::ALL
        .into_iter()
        .filter(|scenario| only.is_empty() || only.contains(scenario))
}

/// One row for each server, in which `None` says that it does not offer this.
/// The servers take turns in each round, so that a disturbance of the machine
/// meets all of them.
async fn scenario_rows(
    targets: &[Target],
    scenario: Scenario,
    plan: Plan,
    rounds: u16,
) -> Vec<Option<Row>> {
    let mut measured: Vec<Vec<Round>> = vec![Vec::new(); targets.len()];
    let mut failures: Vec<BTreeMap<Failure, u64>> = vec![BTreeMap::new(); targets.len()];
    for _ in 0..rounds {
        for (index, target) in targets.iter().enumerate() {
            if !target.offers(scenario) {
                continue;
            }
            let round = measure::round(target, scenario, plan).await;
            let found = match round {
                Ok(mut round) => {
                    let found = std::mem::take(&mut round.failures);
                    measured[index].push(round);
                    found
                }
                Err(failure) => BTreeMap::from([(failure, 1)]),
            };
            for (failure, times) in found {
                *failures[index].entry(failure).or_default() += times;
            }
        }
    }
    targets
        .iter()
        .zip(measured.into_iter().zip(failures))
        .map(|(target, (rounds, failures))| {
            target.offers(scenario).then(|| Row::new(rounds, failures))
        })
        .collect()
}
