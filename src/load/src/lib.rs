//! Measures how fast a provider is: ours, or another beside it. Also kills ours
//! in the middle of its work and looks at what it has lost.
//!
//! Invariants:
//! - It depends on none of our crates: what it sends and checks is read off the
//!   specifications, so that any provider can be measured with the same ruler.
//! - Every answer is checked. An answer that is wrong is an error and counts for
//!   nothing; one error and the exit code is not zero.
//! - What a server does not offer is left out, never guessed.
//! - It prints no secret, token or code.
//!
//! Start at `scenario` for what is measured and at `measure` for how; at
//! `crash` for what is killed.

mod browser;
mod check;
mod cli;
mod crash;
mod discovery;
mod equipment;
mod failure;
mod html;
mod http_client;
mod jwt;
mod login;
mod measure;
mod process;
mod profile;
mod random;
mod rates;
mod report;
mod scenario;
mod signing;
#[cfg(test)]
mod stub;
mod target;
mod user;
mod volume;

pub use crash::{CrashOptions, run as crash};

use clap::Parser as _;
use cli::{Cli, Command};
use std::process::ExitCode;

/// Does what the command line says. 1 when a server was wrong, 2 when it could
/// not be measured.
pub async fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Rates(options) => rates::run(&options).await,
        Command::Volume(options) => volume::run(&options).await,
        Command::Crash(options) => crash::run(&options).await,
        Command::Signing(options) => signing::run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}
