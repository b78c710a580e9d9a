//! `cargo xtask`: sets up, builds, runs and checks the project.
//!
//! Invariants: depends on none of our crates and on almost none of others, so
//! that it compiles in seconds; never relies on its cache, only saves time
//! with it; installs nothing outside that cache without saying so first.
//!
//! Start at `stages` for what is checked, at `tools` for what is set up.

mod audit;
mod budget;
mod build_cache;
mod chromium;
mod cores;
mod crash;
mod environment;
mod figures;
mod load;
mod node;
mod options;
mod prerequisites;
mod process;
mod running_server;
mod site;
mod stages;
mod toolchain;
mod tools;
mod tree;
mod version;

use std::{io::Write as _, process::ExitCode};

use crate::{
    environment::Environment,
    options::{Request, ServeOptions},
    process::Output,
};

fn main() -> ExitCode {
    let request = match options::parse(std::env::args().skip(1)) {
        Ok(request) => request,
        Err(mistake) => {
            eprintln!("{mistake}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match answer(request) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn answer(request: Request) -> anyhow::Result<ExitCode> {
    match request {
        // Whoever reads it may stop reading.
        Request::Help => drop(writeln!(std::io::stdout(), "{}", options::HELP)),
        Request::Setup => {
            set_up()?;
            println!("Everything that builds the site is in place.");
        }
        Request::Serve(options) => serve(&options)?,
        Request::Dev => dev()?,
        Request::Test(selection) => return stages::run(&selection),
        Request::Audit(options) => audit::run(&options)?,
        Request::Crash(options) => crash::run(&options)?,
        Request::Load(options) => load::run(&options)?,
        Request::Figures => {
            let mut environment = set_up()?;
            site::build(&mut environment, &Output::Screen)?;
            println!("{}", figures::measure(&environment)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Sets up all that the build of the site needs.
fn set_up() -> anyhow::Result<Environment> {
    let mut environment = Environment::new()?;
    prerequisites::check(&environment)?;
    toolchain::ensure_wasm_target(&mut environment, &Output::Screen)?;
    tools::ensure_site_tools(&mut environment, &Output::Screen)?;
    Ok(environment)
}

/// Builds the site where needed and becomes its server.
fn serve(options: &ServeOptions) -> anyhow::Result<()> {
    let mut environment = set_up()?;
    site::build(&mut environment, &Output::Screen)?;
    let mut server = site::server(&environment);
    server.arg("serve").args(&options.arguments);
    println!("==> Starting the server; Ctrl-C ends it");
    // The server prints the address as soon as it answers there.
    Err(process::become_program(&mut server))
}

/// Becomes `cargo leptos watch`.
fn dev() -> anyhow::Result<()> {
    let environment = set_up()?;
    process::announce(
        "Building for development and watching the files; Ctrl-C ends it",
        "a few minutes the first time, seconds afterwards",
    );
    Err(process::become_program(
        environment.command("cargo").args(["leptos", "watch"]),
    ))
}
