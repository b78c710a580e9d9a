//! How quickly the server starts and how little it needs.

use std::{fs, net::SocketAddr, thread, time::Duration};

use anyhow::Context as _;

use crate::{
    environment::Environment,
    process::{self, Output},
    running_server::{RunningServer, ScratchDirectory, free_address},
    site,
};

/// Long enough for what a start leaves behind to be done.
const SETTLE: Duration = Duration::from_secs(3);

/// Measures the built server, first with a fresh database, then with the same
/// one again.
pub(crate) fn measure(environment: &Environment) -> anyhow::Result<String> {
    let scratch = ScratchDirectory::new(environment, "figures")?;
    let address = free_address()?;
    let discovery = Demo::of(environment, address)?.discovery;

    let mut lines = Vec::new();
    for database in ["a fresh database", "an existing database"] {
        let server = RunningServer::start_at(
            environment,
            address,
            &scratch.database(),
            &discovery,
            None,
            &Output::Screen,
        )?;
        thread::sleep(SETTLE);
        let memory = memory(&server);
        lines.push(format!(
            "start to first discovery answer with {database}: {} ms; idle memory {memory}",
            server.start.as_millis()
        ));
        server.stop()?;
    }
    Ok(lines.join("\n"))
}

/// The demo customer of a server that listens at an address.
pub(crate) struct Demo {
    /// What `demo --json` prints.
    pub(crate) json: String,
    /// The path of its discovery document.
    pub(crate) discovery: String,
}

impl Demo {
    pub(crate) fn of(environment: &Environment, address: SocketAddr) -> anyhow::Result<Self> {
        let public = format!("http://{address}");
        let json = process::capture(site::server(environment).args([
            "demo",
            "--json",
            "--public-url",
            &public,
        ]))?;
        let issuer = issuer(&json).context("`demo --json` names no issuer")?;
        let path = issuer.strip_prefix(&public).with_context(|| {
            format!("the demo customer's issuer {issuer} is not below {public}")
        })?;
        let discovery = format!("{path}/.well-known/openid-configuration");
        Ok(Self { json, discovery })
    }
}

/// The server's memory at this moment, in words.
pub(crate) fn memory(server: &RunningServer) -> String {
    resident_memory(server.id()).unwrap_or_else(|| "not known here".to_owned())
}

/// The issuer in what `demo --json` prints.
fn issuer(json: &str) -> Option<&str> {
    json.split("\"issuer\"").nth(1)?.split('"').nth(1)
}

/// `VmRSS` as Linux tells it
/// (<https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>).
fn resident_memory(id: u32) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    let tenths = kibibytes * 10 / 1024;
    Some(format!("{}.{} MiB", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_is_read_from_the_demo() {
        let json = r#"{ "issuer" : "http://127.0.0.1:1/x/login", "clients": [] }"#;
        assert_eq!(issuer(json), Some("http://127.0.0.1:1/x/login"));
        assert_eq!(issuer("{}"), None);
    }
}
