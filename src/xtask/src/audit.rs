//! `cargo xtask audit`: what we depend on, held against `.cargo/deny.toml`.

use anyhow::bail;

use crate::{
    environment::Environment,
    options::AuditOptions,
    process::{self, Output},
    tools,
};

/// Checks what is known here, then what the world has found out since.
pub(crate) fn run(options: &AuditOptions) -> anyhow::Result<()> {
    let mut environment = Environment::new()?;
    tools::ensure_deny(&mut environment, &Output::Screen)?;
    check(&environment, &["bans", "licenses", "sources"])?;
    if options.offline {
        println!("Advisories were not checked, as --offline wants it.");
        return Ok(());
    }
    advisories(&environment)
}

/// An advisory that cannot be read is no sign that there is none.
fn advisories(environment: &Environment) -> anyhow::Result<()> {
    process::announce("Fetching the advisories into cargo's home", "a few seconds");
    if let Err(error) = deny(environment, &["fetch", "db"]) {
        println!("{error:#}");
        bail!(
            "Advisories were not checked: they could not be fetched from github.com. \
             `--offline` leaves them out."
        );
    }
    check(environment, &["advisories"])
}

fn check(environment: &Environment, which: &[&str]) -> anyhow::Result<()> {
    // Whence a crate comes, `cargo tree --invert` tells with less to read.
    let check = ["check", "--hide-inclusion-graph"];
    deny(environment, &[&check, which].concat())
}

fn deny(environment: &Environment, arguments: &[&str]) -> anyhow::Result<()> {
    let mut cargo = environment.command("cargo");
    cargo
        .args(["deny", "--locked", "--config", ".cargo/deny.toml"])
        .args(arguments);
    process::run(&mut cargo, &Output::Screen)
}
