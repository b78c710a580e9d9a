//! `cargo xtask crash`: the release binary, killed again and again.

use std::fs;

use crate::{
    environment::Environment,
    figures::Demo,
    load,
    options::CrashOptions,
    prerequisites,
    process::{self, Output},
    running_server::{ScratchDirectory, free_address},
    site,
};

/// Builds what is needed, kills and prints; an error when something was lost or
/// usable twice.
pub(crate) fn run(options: &CrashOptions) -> anyhow::Result<()> {
    let environment = Environment::new()?;
    prerequisites::check(&environment)?;
    load::build(&environment)?;
    let scratch = ScratchDirectory::new(&environment, "crash")?;
    let described = scratch.path().join("demo.json");
    fs::write(&described, Demo::of(&environment, free_address()?)?.json)?;
    let mut crash = environment.command(&load::program(&environment).to_string_lossy());
    crash.arg("crash").arg("--demo").arg(&described);
    crash.arg("--server").arg(site::binary(&environment));
    crash.args(["--database-url", &scratch.database()]);
    crash.args(&options.arguments);
    process::run(&mut crash, &Output::Screen)
}
