//! The words after `load`.

use crate::{crash::CrashOptions, scenario::Scenario};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Measures how fast an OpenID provider is.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Requests per second and latencies, several servers side by side
    Rates(RatesOptions),
    /// A number of whole flows and of abandoned requests, and what they leave in
    /// the server's memory
    Volume(VolumeOptions),
    /// Kills our server again and again in the middle of its work, and checks
    /// what it still knows
    Crash(CrashOptions),
    /// How many signatures the cryptography library makes on one core
    Signing(SigningOptions),
}

/// Which servers are asked.
#[derive(Debug, Args)]
pub(crate) struct Servers {
    /// What `oidc-playground demo --json` printed
    #[arg(long, value_name = "FILE")]
    pub(crate) demo: Option<PathBuf>,
    /// The process id of the demo's server, to measure its processor time
    #[arg(long, requires = "demo")]
    pub(crate) pid: Option<u32>,
    /// A JSON file that describes a server, as the peers print it
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Vec<PathBuf>,
    /// Any other server's issuer; then only what needs no sign-in page is asked
    #[arg(long, requires = "client", value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// A client that may use `client_credentials` there
    #[arg(long, requires = "issuer", value_name = "ID")]
    pub(crate) client: Option<String>,
    /// Its secret
    #[arg(long, env = "LOAD_SECRET", hide_env_values = true, default_value = "")]
    pub(crate) secret: String,
    /// The scope to ask for
    #[arg(long, default_value = "")]
    pub(crate) scope: String,
}

#[derive(Debug, Args)]
pub(crate) struct RatesOptions {
    #[command(flatten)]
    pub(crate) servers: Servers,
    /// Only these scenarios
    #[arg(long, value_delimiter = ',')]
    pub(crate) only: Vec<Scenario>,
    /// How many connections are busy at the same time
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) connections: u16,
    /// How long each round is measured, in seconds
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) seconds: u16,
    /// How many rounds; what is reported is their median
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=99))]
    pub(crate) rounds: u16,
    /// Also writes everything that was measured into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VolumeOptions {
    #[command(flatten)]
    pub(crate) servers: Servers,
    /// How many flows go from the authorization request to userinfo
    #[arg(long, default_value_t = 0)]
    pub(crate) flows: u64,
    /// How many such flows in which a password is typed
    #[arg(long, default_value_t = 0)]
    pub(crate) password_flows: u64,
    /// How many authorization requests nobody answers
    #[arg(long, default_value_t = 0)]
    pub(crate) abandon: u64,
    /// How many connections are busy at the same time
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) connections: u16,
}

#[derive(Debug, Args)]
pub(crate) struct SigningOptions {
    /// How long each algorithm is measured, in seconds
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=3600))]
    pub(crate) seconds: u16,
}
