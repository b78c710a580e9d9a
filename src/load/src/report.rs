//! The table and its JSON.

use crate::{
    cli::RatesOptions, failure::Failure, measure::Round, profile::Algorithm, scenario::Scenario,
};
use anyhow::Context as _;
use serde::Serialize;
use std::{collections::BTreeMap, fmt::Write as _};

/// From this share of a core on, the load generator may be what is measured.
const TOO_BUSY: f64 = 0.9;
/// How many different errors of a row are told.
const TOLD: usize = 3;

/// Everything that was measured.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    connections: u16,
    seconds: u16,
    rounds: u16,
    servers: Vec<String>,
    /// Signatures per second on one core, by algorithm.
    bare_signing: BTreeMap<&'static str, f64>,
    scenarios: Vec<Measured>,
    #[serde(skip)]
    busiest: f64,
}

#[derive(Debug, Serialize)]
struct Measured {
    scenario: &'static str,
    /// By server; `null` where it does not offer this.
    servers: BTreeMap<String, Option<Row>>,
}

/// A scenario at a server.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    /// The median of the rounds, value by value.
    #[serde(flatten)]
    median: Option<Round>,
    errors: u64,
    /// What was wrong, and how often.
    messages: BTreeMap<String, u64>,
    rounds: Vec<Round>,
}

impl Row {
    pub(crate) fn new(rounds: Vec<Round>, failures: BTreeMap<Failure, u64>) -> Self {
        Self {
            median: median(&rounds),
            errors: failures.values().sum(),
            messages: failures
                .into_iter()
                .map(|(failure, times)| (failure.0, times))
                .collect(),
            rounds,
        }
    }

    fn per_second(&self) -> Option<f64> {
        self.median.as_ref().map(|round| round.per_second)
    }
}

fn median(rounds: &[Round]) -> Option<Round> {
    let middle = |value: &dyn Fn(&Round) -> Option<f64>| {
        let mut values: Vec<f64> = rounds.iter().filter_map(value).collect();
        values.sort_unstable_by(f64::total_cmp);
        // Of an even number the lower one: nothing is made to look faster.
        values.get(values.len().checked_sub(1)? / 2).copied()
    };
    Some(Round {
        per_second: middle(&|round| Some(round.per_second))?,
        p50_ms: middle(&|round| Some(round.p50_ms))?,
        p99_ms: middle(&|round| Some(round.p99_ms))?,
        server_us: middle(&|round| round.server_us),
        generator_busy: middle(&|round| round.generator_busy),
        failures: BTreeMap::new(),
    })
}

impl Report {
    pub(crate) fn new(
        servers: Vec<String>,
        options: &RatesOptions,
        bare_signing: BTreeMap<Algorithm, f64>,
    ) -> Self {
        Self {
            connections: options.connections,
            seconds: options.seconds,
            rounds: options.rounds,
            servers,
            bare_signing: bare_signing
                .into_iter()
                .map(|(algorithm, rate)| (algorithm.as_str(), rate))
                .collect(),
            scenarios: Vec::new(),
            busiest: 0.0,
        }
    }

    /// What stands above the table.
    pub(crate) fn head(&self) -> String {
        let signing: Vec<String> = self
            .bare_signing
            .iter()
            .map(|(name, rate)| format!("{name} {}", number(*rate)))
            .collect();
        let columns = line(
            "scenario",
            "server",
            ["per second", "p50 ms", "p99 ms", "CPU µs", "errors"].map(str::to_owned),
            "first to this",
        );
        format!(
            "{} connections, {} rounds of {} s, median\nbare signatures per second on one core: {}\n\n{columns}",
            self.connections,
            self.rounds,
            self.seconds,
            signing.join(", ")
        )
    }

    /// Adds a scenario and returns its lines of the table.
    pub(crate) fn add(&mut self, scenario: Scenario, rows: Vec<Option<Row>>) -> String {
        let first = rows
            .first()
            .and_then(Option::as_ref)
            .and_then(Row::per_second);
        let mut lines = Vec::new();
        for (index, (server, row)) in self.servers.iter().zip(&rows).enumerate() {
            let name = if index == 0 { scenario.as_str() } else { "" };
            let Some(row) = row else {
                lines.push(line(name, server, ["-"; 5].map(str::to_owned), ""));
                continue;
            };
            let busy = row.median.as_ref().and_then(|round| round.generator_busy);
            self.busiest = self.busiest.max(busy.unwrap_or_default());
            let ratio = match (index, first, row.per_second()) {
                (1.., Some(first), Some(this)) if this > 0.0 => format!("{:.1} x", first / this),
                (0, Some(this), _) => self.of_bare_signing(scenario, this),
                _ => String::new(),
            };
            lines.push(line(name, server, row.columns(), &ratio));
            for (message, times) in row.messages.iter().take(TOLD) {
                lines.push(format!("    {times} times: {message}"));
            }
        }
        let servers = self.servers.iter().cloned().zip(rows).collect();
        self.scenarios.push(Measured {
            scenario: scenario.as_str(),
            servers,
        });
        lines.join("\n")
    }

    /// How near signed tokens come to what signing alone allows.
    fn of_bare_signing(&self, scenario: Scenario, rate: f64) -> String {
        scenario
            .algorithm()
            .and_then(|algorithm| self.bare_signing.get(algorithm.as_str()))
            .map(|bare| format!("{:.0} % of bare signing", 100.0 * rate / bare))
            .unwrap_or_default()
    }

    /// What the reader must know before believing the table.
    pub(crate) fn note(&self) -> Option<String> {
        (self.busiest > TOO_BUSY).then(|| {
            format!(
                "\nThe load generator itself used up to {:.0} % of a core: the fastest figures may be its own limit.",
                100.0 * self.busiest
            )
        })
    }

    /// Whether nothing was wrong anywhere.
    pub(crate) fn is_clean(&self) -> bool {
        self.scenarios
            .iter()
            .flat_map(|measured| measured.servers.values())
            .flatten()
            .all(|row| row.errors == 0)
    }

    pub(crate) fn json(&self) -> anyhow::Result<String> {
        let json = serde_json::to_string_pretty(self).context("the figures are no JSON")?;
        Ok(json + "\n")
    }
}

impl Row {
    fn columns(&self) -> [String; 5] {
        let errors = self.errors.to_string();
        match &self.median {
            None => ["-", "-", "-", "-", &errors].map(str::to_owned),
            Some(round) => [
                number(round.per_second),
                format!("{:.2}", round.p50_ms),
                format!("{:.2}", round.p99_ms),
                round
                    .server_us
                    .map_or_else(|| "-".to_owned(), |used| format!("{used:.0}")),
                errors,
            ],
        }
    }
}

fn line(scenario: &str, server: &str, columns: [String; 5], ratio: &str) -> String {
    let [rate, p50, p99, server_us, errors] = columns;
    let mut line = String::new();
    // Writing into a string cannot fail.
    let _ = write!(
        line,
        "{scenario:<26}{server:<20}{rate:>11}{p50:>9}{p99:>9}{server_us:>9}{errors:>8}  {ratio}"
    );
    line.truncate(line.trim_end().len());
    line
}

/// Without decimals, in groups of three digits; small ones with one decimal.
fn number(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn round(per_second: f64) -> Round {
        Round {
            per_second,
            p50_ms: 1.0,
            p99_ms: 2.0,
            server_us: Some(300.0),
            generator_busy: Some(0.5),
            failures: BTreeMap::new(),
        }
    }

    fn report() -> Report {
        let Command::Rates(options) =
            Cli::parse_from(["load", "rates", "--issuer", "http://a", "--client", "c"]).command
        else {
            panic!("another command");
        };
        let servers = vec!["ours".to_owned(), "peer".to_owned(), "mock".to_owned()];
        Report::new(servers, &options, [(Algorithm::RS256, 2000.0)].into())
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(1_234_567.4), "1 234 567");
        assert_eq!(number(999.6), "1 000");
        assert_eq!(number(12.34), "12.3");
    }

    #[test]
    fn rows_show_medians_ratios_and_gaps() {
        let mut report = report();
        let fast = Row::new([900.0, 1800.0, 1700.0].map(round).into(), BTreeMap::new());
        let slow = Row::new([850.0].map(round).into(), BTreeMap::new());
        let lines = report.add(Scenario::Rs256, vec![Some(fast), Some(slow), None]);
        let lines: Vec<&str> = lines.lines().collect();
        assert!(lines[0].contains("1 700") && lines[0].ends_with("85 % of bare signing"));
        assert!(lines[1].ends_with("2.0 x"), "{}", lines[1]);
        assert!(lines[2].contains("mock") && lines[2].ends_with('-'));
        assert!(report.is_clean());
        assert_eq!(report.note(), None);
        assert!(report.json().unwrap().contains("\"mock\": null"));
    }

    #[test]
    fn one_error_is_enough() {
        let mut report = report();
        let failures = BTreeMap::from([(Failure::new("the state did not come back"), 2)]);
        let row = Row::new(Vec::new(), failures);
        let lines = report.add(Scenario::Flow, vec![Some(row), None, None]);
        assert!(lines.contains("2 times: the state did not come back"));
        assert!(!report.is_clean());
    }
}
