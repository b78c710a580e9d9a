//! `cargo xtask load`: the release binary under load, and others beside it.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{
    cores::{self, Cores},
    environment::Environment,
    figures::{self, Demo},
    node,
    options::LoadOptions,
    prerequisites,
    process::{self, Output},
    running_server::{RunningServer, ScratchDirectory, free_address},
};

/// The npm packages that ours is compared with; each has a program of its name.
const PEERS: [&str; 2] = ["oidc-provider", "oauth2-mock-server"];

/// Builds what is needed, measures and prints.
pub(crate) fn run(options: &LoadOptions) -> anyhow::Result<()> {
    let environment = Environment::new()?;
    prerequisites::check(&environment)?;
    build(&environment)?;
    println!("{}", figures::measure(&environment)?);

    let cores = Cores::divide(&environment);
    println!("{cores}");
    let scratch = ScratchDirectory::new(&environment, "load")?;
    let address = free_address()?;
    let demo = Demo::of(&environment, address)?;
    let server = RunningServer::start_at(
        &environment,
        address,
        &scratch.database(),
        &demo.discovery,
        cores.servers,
        &Output::Screen,
    )?;
    let described = scratch.path().join("ours.json");
    fs::write(&described, &demo.json)?;
    let peers = if options.peers {
        start_peers(&environment, cores, scratch.path())?
    } else {
        Vec::new()
    };

    let mut load = environment.command(&program(&environment).to_string_lossy());
    load.args(["rates", "--demo"]).arg(&described);
    load.args(["--pid", &server.id().to_string()]);
    for peer in &peers {
        load.arg("--profile").arg(&peer.profile);
    }
    load.args(&options.arguments);
    let measured = process::run(&mut cores::pinned(load, cores.generator), &Output::Screen);
    println!("\nmemory of ours after this: {}", figures::memory(&server));
    server.stop()?;
    measured
}

/// Builds the server and the load generator, without the site: no page is
/// measured but the sign-in page, which needs none of its files.
pub(crate) fn build(environment: &Environment) -> anyhow::Result<()> {
    process::announce(
        "Building the server and the load generator",
        "5 minutes the first time",
    );
    // One after the other: together, the features of one would change the other.
    for package in ["server", "load"] {
        process::run(
            environment.command("cargo").args([
                "build",
                "--release",
                "--locked",
                "--package",
                package,
            ]),
            &Output::Screen,
        )?;
    }
    Ok(())
}

/// The load generator.
pub(crate) fn program(environment: &Environment) -> PathBuf {
    environment
        .root
        .join("target/release")
        .join(format!("load{}", std::env::consts::EXE_SUFFIX))
}

/// Another provider; it ends when this is dropped.
struct Peer {
    child: Child,
    /// Where what it says of itself is kept.
    profile: PathBuf,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start_peers(
    environment: &Environment,
    cores: Cores,
    scratch: &Path,
) -> anyhow::Result<Vec<Peer>> {
    let directory = environment.root.join("src/load/peers");
    node::ensure_packages(environment, &directory, &Output::Screen)?;
    PEERS
        .iter()
        .map(|name| {
            let mut node = environment.command("node");
            node.arg(directory.join(format!("{name}.js")))
                .env("NODE_ENV", "production");
            let child = cores::pinned(node, cores.servers)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .with_context(|| format!("{name} could not be started"))?;
            let mut peer = Peer {
                child,
                profile: scratch.join(format!("{name}.json")),
            };
            fs::write(&peer.profile, announcement(&mut peer.child, name)?)?;
            Ok(peer)
        })
        .collect()
}

/// The line that a peer prints once it answers.
fn announcement(child: &mut Child, name: &str) -> anyhow::Result<String> {
    let output = child.stdout.take().context("a peer without an output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    if line.is_empty() {
        bail!("{name} ended before it answered");
    }
    Ok(line)
}
