//! The checks, in the order in which they should fail.

use std::{
    fs,
    io::Write as _,
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{
    budget, build_cache, chromium,
    environment::Environment,
    node,
    options::Selection,
    prerequisites,
    process::{self, Output},
    running_server::{RunningServer, ScratchDirectory},
    site, toolchain, tools, tree,
};

/// One check.
struct Stage {
    name: &'static str,
    what: &'static str,
    /// What must be set up first.
    needs: Needs,
    /// Returns a note for the stage's line, which may be empty.
    check: fn(&mut Environment, &Output) -> anyhow::Result<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    Rust,
    WasmTarget,
    SiteTools,
    Browser,
}

/// How many lines of a failed stage are printed.
const SHOWN: usize = 100;
/// The only stage that needs `cargo shear`.
const UNUSED: &str = "unused";

const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        what: "the code is formatted",
        needs: Needs::Rust,
        check: |environment, output| {
            cargo(
                environment,
                output,
                &["fmt", "--all", "--check", "--", "--color", "never"],
            )
        },
    },
    Stage {
        name: "clippy",
        what: "no lint speaks up",
        needs: Needs::Rust,
        check: |environment, output| {
            cargo(
                environment,
                output,
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--locked",
                    "--",
                    "-D",
                    "warnings",
                ],
            )
        },
    },
    Stage {
        name: "clippy-wasm",
        what: "nor in what the browser runs",
        needs: Needs::WasmTarget,
        check: |environment, output| {
            cargo(
                environment,
                output,
                &[
                    "clippy",
                    "--package",
                    "frontend",
                    "--target",
                    "wasm32-unknown-unknown",
                    "--locked",
                    "--",
                    "-D",
                    "warnings",
                ],
            )
        },
    },
    Stage {
        name: "app-alone",
        what: "the pages compile for neither side",
        needs: Needs::Rust,
        check: |environment, output| {
            cargo(
                environment,
                output,
                &["check", "--package", "app", "--locked"],
            )
        },
    },
    Stage {
        name: "tree",
        what: "who may depend on whom",
        needs: Needs::Rust,
        check: |environment, _| tree::check(environment),
    },
    Stage {
        name: "tests",
        what: "unit and integration tests",
        needs: Needs::Rust,
        check: tests,
    },
    Stage {
        name: "doctests",
        what: "examples in the documentation",
        needs: Needs::Rust,
        check: |environment, output| {
            cargo(
                environment,
                output,
                &["test", "--workspace", "--doc", "--locked"],
            )
        },
    },
    Stage {
        name: "doc",
        what: "the documentation has no broken link",
        needs: Needs::Rust,
        check: |environment, output| {
            let mut command = environment.command("cargo");
            command
                .args(["doc", "--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "-D warnings");
            process::run(&mut command, output)?;
            Ok(String::new())
        },
    },
    Stage {
        name: "site",
        what: "release build of the site",
        needs: Needs::SiteTools,
        check: |environment, output| {
            site::build(environment, output)?;
            Ok(String::new())
        },
    },
    Stage {
        name: "bytes",
        what: "what a first visit costs",
        needs: Needs::SiteTools,
        check: |environment, output| {
            site::build(environment, output)?;
            budget::check(environment, output)
        },
    },
    Stage {
        name: "browser",
        what: "the site in Chromium, with and without scripts",
        needs: Needs::Browser,
        check: browser,
    },
    Stage {
        name: UNUSED,
        what: "no dependency is unused",
        needs: Needs::Rust,
        check: |environment, output| cargo(environment, output, &["shear"]),
    },
];

/// The names of all stages.
pub(crate) fn names() -> Vec<&'static str> {
    STAGES.iter().map(|stage| stage.name).collect()
}

pub(crate) fn exists(name: &str) -> bool {
    STAGES.iter().any(|stage| stage.name == name)
}

/// Runs the chosen stages; a failed one does not keep the others from running.
pub(crate) fn run(selection: &Selection) -> anyhow::Result<ExitCode> {
    if selection.only == ["list"] {
        for stage in STAGES {
            println!("{:<12} {}", stage.name, stage.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let begin = Instant::now();
    let mut environment = Environment::new()?;
    // What is said goes to a log first.
    environment.set("CARGO_TERM_COLOR", "never");
    environment.set("NO_COLOR", "1");
    prerequisites::check(&environment)?;
    let _ = fs::remove_dir_all(environment.logs());
    let chosen: Vec<&Stage> = STAGES
        .iter()
        .filter(|stage| selection.includes(stage.name))
        .collect();
    set_up(&mut environment, &chosen)?;
    let output = log(&environment, "build-cache");
    let _guard = build_cache::enter(&mut environment, &output)?;

    let (mut passed, mut failed) = (0, 0);
    for stage in chosen {
        print!("{:<12} ", stage.name);
        std::io::stdout().flush()?;
        let output = log(&environment, stage.name);
        let started = Instant::now();
        let result = (stage.check)(&mut environment, &output);
        let time = seconds(started.elapsed());
        match result {
            Ok(note) => {
                passed += 1;
                println!("{}", format!("ok     {time:>8}  {note}").trim_end());
            }
            Err(error) => {
                failed += 1;
                println!("FAILED {time:>8}  {}", stage.what);
                show(&output);
                println!("{error:#}\n");
            }
        }
    }
    println!("in {}, logs in target/xtask-logs", seconds(begin.elapsed()));
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Installs what the chosen stages need, announced like everywhere else, with
/// its output in a log.
fn set_up(environment: &mut Environment, chosen: &[&Stage]) -> anyhow::Result<()> {
    let output = log(environment, "setup");
    let needs = chosen.iter().map(|stage| stage.needs).max();
    let result = (|| {
        if needs >= Some(Needs::WasmTarget) {
            toolchain::ensure_wasm_target(environment, &output)?;
        }
        if needs >= Some(Needs::SiteTools) {
            tools::ensure_site_tools(environment, &output)?;
        }
        if needs >= Some(Needs::Browser) {
            node::ensure_packages(environment, &environment.end2end(), &output)?;
            if let Some(chromium) = chromium::ensure(environment, &output)? {
                environment.set("OIDC_PLAYGROUND_CHROMIUM", chromium);
            }
        }
        if chosen.iter().any(|stage| stage.name == UNUSED) {
            tools::ensure_shear(environment, &output)?;
        }
        Ok(())
    })();
    if result.is_err() {
        show(&output);
    }
    result
}

fn cargo(environment: &Environment, output: &Output, arguments: &[&str]) -> anyhow::Result<String> {
    process::run(environment.command("cargo").args(arguments), output)?;
    Ok(String::new())
}

fn tests(environment: &mut Environment, output: &Output) -> anyhow::Result<String> {
    cargo(
        environment,
        output,
        &[
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--locked",
            "--no-fail-fast",
        ],
    )?;
    Ok(format!("{} tests", count_tests(&read(output))))
}

/// Adds up lines like `test result: ok. 12 passed; 0 failed; …`.
fn count_tests(log: &str) -> u32 {
    log.lines()
        .filter_map(|line| line.trim().strip_prefix("test result: ok. "))
        .filter_map(|rest| rest.split_whitespace().next()?.parse::<u32>().ok())
        .sum()
}

/// Runs Playwright against a server of its own.
fn browser(environment: &mut Environment, output: &Output) -> anyhow::Result<String> {
    site::build(environment, output)?;
    process::run(npx(environment).arg("tsc"), output)?;

    let scratch = ScratchDirectory::new(environment, "browser")?;
    let server_log = log(environment, "browser-server");
    let server = RunningServer::start(environment, &scratch.database(), "/healthz", &server_log)?;
    let mut playwright = npx(environment);
    playwright
        .args(["playwright", "test"])
        .env("BASE_URL", server.origin())
        .env("OIDC_PLAYGROUND_BINARY", site::binary(environment));
    let result = process::run(&mut playwright, output);
    let stopped = server.stop();
    result?;
    stopped?;
    Ok(playwright_summary(&read(output)))
}

/// A program of `end2end`, never fetched.
fn npx(environment: &Environment) -> std::process::Command {
    let mut npx = environment.command("npx");
    npx.current_dir(environment.end2end()).arg("--no-install");
    npx
}

/// The last lines in which Playwright counts, such as `12 passed (30.1s)`.
fn playwright_summary(log: &str) -> String {
    log.lines()
        .map(str::trim)
        .filter(|line| {
            let mut words = line.split_whitespace();
            words.next().is_some_and(|word| word.parse::<u32>().is_ok())
                && matches!(words.next(), Some("passed" | "skipped" | "flaky"))
        })
        .map(|line| line.split(" (").next().unwrap_or(line))
        .collect::<Vec<_>>()
        .join(", ")
}

fn log(environment: &Environment, stage: &str) -> Output {
    Output::Log(environment.logs().join(format!("{stage}.log")))
}

fn read(output: &Output) -> String {
    match output {
        Output::Screen => String::new(),
        Output::Log(path) => fs::read(path)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default(),
    }
}

/// Prints the end of a log, where the reason of a failure mostly stands.
fn show(output: &Output) {
    let log = read(output);
    let lines: Vec<&str> = log.trim_end().lines().collect();
    let left_out = lines.len().saturating_sub(SHOWN);
    if left_out > 0
        && let Output::Log(path) = output
    {
        println!("… {left_out} lines more in {}", path.display());
    }
    for line in &lines[left_out..] {
        println!("{line}");
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_all_binaries_are_added_up() {
        let log = "running 2 tests\ntest result: ok. 2 passed; 0 failed\n\
                   test result: ok. 40 passed; 0 failed; 1 ignored\n";
        assert_eq!(count_tests(log), 42);
    }

    #[test]
    fn the_count_of_playwright_is_found() {
        let log =
            "Running 3 tests using 2 workers\n  ✓  1 first\n\n  1 skipped\n  2 passed (3.1s)\n";
        assert_eq!(playwright_summary(log), "1 skipped, 2 passed");
    }

    #[test]
    fn stages_have_names_of_their_own() {
        let mut names = names();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STAGES.len());
        assert!(!exists("list"));
    }
}
