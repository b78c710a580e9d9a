//! A server started for a check, on a free port, with a database of its own.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use crate::{
    cores::{self, Core},
    environment::Environment,
    process::{self, Output},
    site,
};

/// How long a start may take before something must be wrong.
const START: Duration = Duration::from_secs(30);

/// A server that ends when this is dropped.
#[derive(Debug)]
pub(crate) struct RunningServer {
    child: Child,
    address: SocketAddr,
    /// From before the program was started until it answered.
    pub(crate) start: Duration,
}

/// What came back for a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl RunningServer {
    /// Starts the server and waits until it answers `path` with 200.
    pub(crate) fn start(
        environment: &Environment,
        database: &str,
        path: &str,
        output: &Output,
    ) -> anyhow::Result<Self> {
        let address = free_address()?;
        Self::start_at(environment, address, database, path, None, output)
    }

    /// The same at this address, and on this core only if one is given.
    pub(crate) fn start_at(
        environment: &Environment,
        address: SocketAddr,
        database: &str,
        path: &str,
        core: Option<Core>,
        output: &Output,
    ) -> anyhow::Result<Self> {
        let mut command = cores::pinned(site::server(environment), core);
        // Settings meant for the person's own server.
        for name in ["DEMO", "LOG_LEVEL", "PUBLIC_URL"] {
            command.env_remove(format!("OIDC_PLAYGROUND_{name}"));
        }
        command
            .args(["serve", "--listen", &address.to_string()])
            .args(["--database-url", database])
            .stdin(Stdio::null());
        match output {
            Output::Screen => command.stdout(Stdio::null()).stderr(Stdio::null()),
            Output::Log(log) => {
                let log = process::open_log(log)?;
                command.stdout(log.try_clone()?).stderr(log)
            }
        };
        let begin = Instant::now();
        let child = command
            .spawn()
            .with_context(|| format!("`{}` could not be started", process::describe(&command)))?;
        let mut server = Self {
            child,
            address,
            start: Duration::ZERO,
        };
        loop {
            if get(address, path).is_ok_and(|answer| answer.status == 200) {
                server.start = begin.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended before it answered ({status})");
            }
            if begin.elapsed() > START {
                bail!(
                    "the server did not answer {path} within {} seconds",
                    START.as_secs()
                );
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn get(&self, path: &str) -> anyhow::Result<Answer> {
        get(self.address, path)
    }

    /// Asks the server to end, as a person's Ctrl-C would, and waits for it.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        process::capture(std::process::Command::new("kill").args(["-TERM", &id]))?;
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("asked to end, the server failed ({status})");
            }
            thread::sleep(Duration::from_millis(10));
        }
        bail!("asked to end, the server was still there after 10 seconds")
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A directory that is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct ScratchDirectory(PathBuf);

impl ScratchDirectory {
    pub(crate) fn new(environment: &Environment, name: &str) -> anyhow::Result<Self> {
        let directory = environment
            .root
            .join("target")
            .join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
        Ok(Self(directory))
    }

    pub(crate) fn database(&self) -> String {
        format!("sqlite:{}", self.0.join("playground.db").display())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchDirectory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An address that nobody listens on at this moment.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// One request in HTTP/1.0, whose answer ends with the connection.
fn get(address: SocketAddr, path: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: */*\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse_answer(&bytes)
}

fn parse_answer(bytes: &[u8]) -> anyhow::Result<Answer> {
    let separator = b"\r\n\r\n";
    let end = bytes
        .windows(separator.len())
        .position(|window| window == separator)
        .context("an answer without an end of its headers")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let status = head
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok())
        .context("an answer without a status")?;
    Ok(Answer {
        status,
        body: bytes[end + separator.len()..].to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_body_are_taken_from_an_answer() {
        let answer = parse_answer(b"HTTP/1.0 200 OK\r\nA: b\r\n\r\nbody\r\n\r\nmore")
            .expect("a readable answer");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, b"body\r\n\r\nmore");
        assert!(parse_answer(b"HTTP/1.0 200 OK\r\n").is_err());
    }
}
