//! Measures how fast a provider is: ours, or another beside it.
//!
//! Invariants:
//! - It depends on none of our crates: what it sends and checks is read off the
//!   specifications, so that any provider can be measured with the same ruler.
//! - Every answer is checked. An answer that is wrong is an error and counts for
//!   nothing; one error and the exit code is not zero.
//! - What a server does not offer is left out, never guessed.
//! - It prints no secret, token or code.
//!
//! Start at [`scenario`] for what is measured and at [`measure`] for how.

mod browser;
mod check;
mod cli;
mod discovery;
mod failure;
mod html;
mod http_client;
mod jwt;
mod login;
mod measure;
mod preparation;
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

use clap::Parser as _;
use cli::{Cli, Command};
use std::process::ExitCode;

// One thread: with `taskset` it stays out of the server's way, and what is
// measured does not depend on how work moves between threads here.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Rates(options) => rates::run(&options).await,
        Command::Volume(options) => volume::run(&options).await,
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
