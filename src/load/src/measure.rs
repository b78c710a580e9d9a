//! One round: everybody works for a while, and it is written down how long each
//! piece of work took.

use crate::{failure::Failure, process, scenario::Scenario, target::Target, user::User};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// After so many errors a user gives up: the round is lost anyway.
const GIVE_UP: u64 = 20;

/// How long a round takes and how many work at the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) connections: u16,
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// What a round brought.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Round {
    /// Pieces of work per second that were done and right.
    pub(crate) per_second: f64,
    /// The median time of one, in milliseconds.
    pub(crate) p50_ms: f64,
    /// The time that one in a hundred took longer than, in milliseconds.
    pub(crate) p99_ms: f64,
    /// The server's processor time for one, in microseconds.
    pub(crate) server_us: Option<f64>,
    /// How much of one core was used here, from 0 to 1.
    pub(crate) generator_busy: Option<f64>,
    /// What was wrong, and how often.
    #[serde(skip)]
    pub(crate) failures: BTreeMap<Failure, u64>,
}

/// What one user did while it was measured.
#[derive(Default)]
struct Done {
    /// In microseconds.
    latencies: Vec<u32>,
    failures: BTreeMap<Failure, u64>,
}

/// Runs a round.
///
/// # Errors
/// When not even the preparations succeed.
pub(crate) async fn round(
    target: &Target,
    scenario: Scenario,
    plan: Plan,
) -> Result<Round, Failure> {
    let mut users = Vec::new();
    for _ in 0..plan.connections {
        users.push(User::new(target, scenario).await?);
    }
    let begin = Instant::now() + plan.warm_up;
    let end = begin + plan.measured;
    let mut working = JoinSet::new();
    for user in users {
        working.spawn(work(user, begin, end));
    }
    let processor = || target.profile.pid.and_then(process::processor_time);
    let here = || process::processor_time(std::process::id());
    tokio::time::sleep_until(begin.into()).await;
    let before = (processor(), here());
    tokio::time::sleep_until(end.into()).await;
    let after = (processor(), here());
    let mut all = Done::default();
    while let Some(done) = working.join_next().await {
        let done = done.map_err(|_| Failure::new("a user of the load test broke"))?;
        all.latencies.extend(done.latencies);
        for (failure, times) in done.failures {
            *all.failures.entry(failure).or_default() += times;
        }
    }
    let used = |before: Option<Duration>, after: Option<Duration>| {
        Some(after?.saturating_sub(before?).as_secs_f64())
    };
    let server = used(before.0, after.0);
    let generator = used(before.1, after.1);
    Ok(summary(all, plan.measured, server, generator))
}

/// Works until the end and keeps what was finished between `begin` and `end`.
async fn work(mut user: User, begin: Instant, end: Instant) -> Done {
    let mut done = Done::default();
    let mut errors = 0;
    let mut started = Instant::now();
    while started < end && errors < GIVE_UP {
        let result = user.once().await;
        let finished = Instant::now();
        match result {
            Ok(()) if finished >= begin && finished <= end => {
                let micros = (finished - started).as_micros();
                done.latencies
                    .push(u32::try_from(micros).unwrap_or(u32::MAX));
            }
            Ok(()) => {}
            Err(failure) => {
                errors += 1;
                *done.failures.entry(failure).or_default() += 1;
            }
        }
        started = finished;
    }
    done
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of some seconds are far below 2^52"
)]
fn summary(done: Done, measured: Duration, server: Option<f64>, generator: Option<f64>) -> Round {
    let Done {
        mut latencies,
        failures,
    } = done;
    latencies.sort_unstable();
    let count = latencies.len() as f64;
    let seconds = measured.as_secs_f64();
    Round {
        per_second: count / seconds,
        p50_ms: percentile(&latencies, 50),
        p99_ms: percentile(&latencies, 99),
        server_us: server
            .filter(|_| count > 0.0)
            .map(|used| used * 1e6 / count),
        generator_busy: generator.map(|used| used / seconds),
        failures,
    }
}

/// In milliseconds; the values are sorted microseconds.
fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let index = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted
        .get(index)
        .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{self, Lie};

    #[tokio::test]
    async fn a_round_counts_what_is_right_and_what_is_wrong() {
        let plan = Plan {
            connections: 2,
            warm_up: Duration::ZERO,
            measured: Duration::from_millis(200),
        };
        for (lie, right) in [(Lie::Nothing, true), (Lie::State, false)] {
            let target = Target::find(stub::start(lie).await).await.unwrap();
            let round = round(&target, Scenario::Flow, plan).await.unwrap();
            assert_eq!(round.per_second > 0.0, right, "{lie:?}");
            assert_eq!(round.failures.is_empty(), right, "{lie:?}");
        }
    }

    #[test]
    fn percentiles_are_the_nearest_rank() {
        let sorted: Vec<u32> = (1..=200).map(|n| n * 1000).collect();
        assert!((percentile(&sorted, 50) - 100.0).abs() < 1e-9);
        assert!((percentile(&sorted, 99) - 198.0).abs() < 1e-9);
        assert!((percentile(&[7000], 99) - 7.0).abs() < 1e-9);
        assert!(percentile(&[], 50).abs() < 1e-9);
    }

    #[test]
    fn a_round_is_counted_per_second_and_per_piece() {
        let done = Done {
            latencies: vec![1000; 500],
            failures: BTreeMap::new(),
        };
        let round = summary(done, Duration::from_secs(5), Some(2.5), Some(1.0));
        assert!((round.per_second - 100.0).abs() < 1e-9);
        assert!((round.server_us.unwrap() - 5000.0).abs() < 1e-6);
        assert!((round.generator_busy.unwrap() - 0.2).abs() < 1e-9);
    }
}
