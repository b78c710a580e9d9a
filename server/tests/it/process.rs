//! The binary, as a person or a supervisor meets it.

use crate::html;
use serde_json::{Value, json};
use server::config::PublicUrl;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::Duration,
};

const CUSTOMER: &str = "00000000-0000-4000-8000-000000000001";

pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oidc-playground"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OIDC_PLAYGROUND_") {
            command.env_remove(name);
        }
    }
    command
}

/// What the program says when it does not start.
pub(crate) fn refusal(arguments: &[&str]) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = binary().args(arguments).output().unwrap();
    assert!(stdout.is_empty(), "{stdout:?}");
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A program that runs; it is killed when a test leaves it behind.
pub(crate) struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it said before its address.
    pub(crate) said: Vec<String>,
    pub(crate) address: SocketAddr,
}

impl Server {
    fn start(directory: &Path) -> Self {
        Self::start_with(directory, &["--listen", "127.0.0.1:0"])
    }

    pub(crate) fn start_with(directory: &Path, options: &[&str]) -> Self {
        let mut child = binary()
            .args(options)
            .arg("--database-url")
            .arg(database(directory))
            .arg("--site-root")
            .arg(directory)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut said = Vec::new();
        let address = loop {
            let mut line = String::new();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ended early");
            match line.trim().strip_prefix("Listening on http://") {
                Some(address) => break address.parse().unwrap(),
                None => said.push(line.trim().to_owned()),
            }
        };
        Self {
            child,
            stdout,
            said,
            address,
        }
    }

    fn terminate(&self) {
        let sent = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    fn connect(&self) -> TcpStream {
        connect(self.address).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn database(directory: &Path) -> String {
    format!("sqlite:{}", directory.join("playground.sqlite").display())
}

fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    // So that a hanging server fails the test instead of stopping it.
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

/// Sends one request and reads status and body.
pub(crate) fn exchange(
    address: SocketAddr,
    request_line: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<(u16, String)> {
    let (status, _, body) = exchange_all(address, request_line, headers, body)?;
    Ok((status, body))
}

/// Sends one request and reads status, headers and body. HTTP/1.0, so that the
/// end of the connection is the end of the answer.
fn exchange_all(
    address: SocketAddr,
    request_line: &str,
    headers: &str,
    body: &str,
) -> std::io::Result<(u16, String, String)> {
    let mut stream = connect(address)?;
    write!(
        stream,
        "{request_line} HTTP/1.0\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    match (status, answer.split_once("\r\n\r\n")) {
        (Some(status), Some((head, body))) => Ok((status, head.to_owned(), body.to_owned())),
        _ => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

#[test]
fn a_port_in_use_is_one_sentence_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, said) = refusal(&["--listen", &address, "--database-url", "sqlite::memory:"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        said,
        format!(
            "Port {} on 127.0.0.1 is already in use: stop the program that uses it, or choose another with --listen.\n",
            taken.local_addr().unwrap().port()
        )
    );
}

#[test]
fn what_cannot_be_used_is_one_sentence_and_exit_code_1() {
    let directory = tempfile::tempdir().unwrap();
    // A database below a file cannot be made, whoever tries.
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let below = format!("sqlite:{}", file.join("db.sqlite").display());
    let memory = "sqlite::memory:";
    for arguments in [
        &["--public-url", "play.example", "--database-url", memory][..],
        &[
            "--public-url",
            "https://play.example/here",
            "--database-url",
            memory,
        ],
        &[
            "serve",
            "--public-url",
            "ftp://play.example",
            "--database-url",
            memory,
        ],
        &["--database-url", "postgres://localhost/play"],
        &["--database-url", &below],
        &["--listen", "192.0.2.1:3000", "--database-url", memory],
        &["demo", "--public-url", "nonsense"],
    ] {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        if arguments.contains(&"--listen") || matches!(arguments[0], "demo" | "serve") {
            all.clear();
        }
        all.extend(arguments);
        let (code, said) = refusal(&all);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.ends_with(".\n"), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    }
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in [
        &["--listen", "nowhere"][..],
        &["--no-such-option"],
        &["launch"],
        &["demo", "--listen", "127.0.0.1:1"],
        &["--sandbox-idle-days", "0"],
        &["--sandbox-idle-days", "-1"],
        &["--max-sandboxes", "0"],
        &["--max-sandboxes", "many"],
        &["--limits", "perhaps"],
        &["--trusted-proxy", "proxy.example"],
    ] {
        assert_eq!(refusal(arguments).0, Some(2), "{arguments:?}");
    }
}

#[test]
fn help_names_every_option_and_its_variable() {
    let output = binary().args(["serve", "--help"]).output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for option in [
        "--listen",
        "--public-url",
        "--database-url",
        "--site-root",
        "--demo",
        "--sandbox-idle-days",
        "--max-sandboxes",
        "--limits",
        "--trusted-proxy",
        "--log-level",
    ] {
        let variable = option[2..].replace('-', "_").to_uppercase();
        assert!(help.contains(option), "{option}");
        assert!(
            help.contains(&format!("OIDC_PLAYGROUND_{variable}")),
            "{variable}"
        );
    }
}

#[test]
fn an_option_may_come_from_the_environment() {
    let output = binary()
        .arg("demo")
        .args(["--json"])
        .env("OIDC_PLAYGROUND_PUBLIC_URL", "https://Play.Example/")
        .output()
        .unwrap();
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        printed["issuer"],
        format!("https://play.example/{CUSTOMER}/login")
    );
}

#[test]
fn demo_json_has_what_a_script_needs() {
    let output = binary()
        .args(["demo", "--json", "--public-url", "http://127.0.0.1:4000"])
        .output()
        .unwrap();
    assert!(output.status.success());
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        printed["issuer"],
        format!("http://127.0.0.1:4000/{CUSTOMER}/login")
    );
    let clients = printed["clients"].as_array().unwrap();
    let types: Vec<_> = clients
        .iter()
        .map(|client| client["type"].clone())
        .collect();
    assert_eq!(types, ["public", "confidential", "confidential"]);
    assert!(clients[0].get("secret").is_none());
    assert!(clients[1]["secret"].is_string());
    assert!(
        clients[0]["redirectURIs"]
            .as_array()
            .unwrap()
            .contains(&json!("http://127.0.0.1:4000/callback"))
    );
    let alice = &printed["people"][0];
    assert_eq!(
        (&alice["username"], &alice["password"]),
        (&json!("alice"), &json!("password"))
    );
    assert_eq!(printed["tokenPolicies"].as_array().unwrap().len(), 3);
}

#[test]
fn the_running_server_answers_under_its_bound_address() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let (status, body) = exchange(server.address, "GET /healthz", "", "").unwrap();
    assert_eq!((status, body.as_str()), (200, r#"{"status":"ok"}"#));
    let discovery = format!("GET /{CUSTOMER}/login/.well-known/openid-configuration");
    let (status, body) =
        exchange(server.address, &discovery, "Host: evil.example\r\n", "").unwrap();
    assert_eq!(status, 200);
    let metadata: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        metadata["issuer"],
        format!("http://{}/{CUSTOMER}/login", server.address)
    );
    assert!(!body.contains("evil.example"));
}

/// Every value of a header.
fn values<'a>(head: &'a str, name: &str) -> Vec<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(own, _)| own.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .collect()
}

/// Presses Run on the first page, over real connections, and returns what the
/// page of the run says.
fn run_over_the_network(address: SocketAddr, public_url: &str) -> String {
    let mut cookies = BTreeMap::new();
    let mut ask = |method: &str, location: &str| {
        let path = location.strip_prefix(public_url).unwrap_or(location);
        let jar: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = format!(
            "Cookie: {}\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n",
            jar.join("; ")
        );
        let (status, head, body) =
            exchange_all(address, &format!("{method} {path}"), &headers, "").unwrap();
        for line in values(&head, "set-cookie") {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = values(&head, "location").first().map(|&one| one.to_owned());
        (status, location, body)
    };
    ask("GET", "/");
    let (mut status, mut location, mut body) = ask("POST", "/runs");
    while let Some(to) = location {
        assert!((300..400).contains(&status), "{status}");
        (status, location, body) = ask("GET", &to);
    }
    assert_eq!(status, 200, "{}", html::text(&body));
    html::text(&body)
}

#[test]
fn the_relying_party_finds_the_provider_wherever_browsers_believe_it_is() {
    for (listen, public_url) in [
        ("127.0.0.1:0", None),
        ("0.0.0.0:0", None),
        ("127.0.0.1:0", Some("https://play.example")),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let mut options = vec!["--listen", listen];
        options.extend(public_url.iter().flat_map(|url| ["--public-url", url]));
        let server = Server::start_with(directory.path(), &options);
        let bound = PublicUrl::of_address(server.address);
        let said = run_over_the_network(server.address, public_url.unwrap_or(bound.as_str()));
        assert!(
            said.contains("so it was dropped without an error"),
            "{options:?}: {said}"
        );
    }
}

#[test]
fn the_demo_customer_is_offered_to_other_machines_only_when_asked_for() {
    let discovery = format!("GET /{CUSTOMER}/login/.well-known/openid-configuration");
    for (options, expected) in [
        (&["--listen", "127.0.0.1:0"][..], 200),
        (&["--listen", "0.0.0.0:0"], 404),
        (&["--listen", "0.0.0.0:0", "--demo"], 200),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start_with(directory.path(), options);
        let (status, _) = exchange(server.address, &discovery, "", "").unwrap();
        assert_eq!(status, expected, "{options:?}");
    }
}

#[test]
fn limits_are_for_others_and_not_for_this_machine() {
    let token = format!("POST /{CUSTOMER}/login/token");
    let proxied = "X-Forwarded-For: 192.0.2.1\r\n";
    for (options, headers, limited) in [
        (
            &["--limits", "on", "--trusted-proxy", "127.0.0.1"][..],
            "",
            false,
        ),
        (
            &["--limits", "on", "--trusted-proxy", "127.0.0.1"],
            proxied,
            true,
        ),
        // A proxy that was not named: all it passes on counts as one.
        (&["--limits", "on"], proxied, true),
        (&[], proxied, false),
        (&["--limits", "auto"], proxied, false),
        // Others come over the proxy, though it listens on loopback.
        (&["--public-url", "https://play.example"], proxied, true),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let all = [&["--listen", "127.0.0.1:0"], options].concat();
        let server = Server::start_with(directory.path(), &all);
        // Twenty more are let in with every second that goes by.
        let many = if limited { 10_000 } else { 300 };
        let refused = (0..many).find_map(|_| {
            let (status, head, body) = exchange_all(server.address, &token, headers, "").unwrap();
            (status == 429).then_some((head, body))
        });
        assert_eq!(refused.is_some(), limited, "{options:?} {headers}");
        if let Some((head, body)) = refused {
            assert_eq!(values(&head, "retry-after"), ["1"]);
            assert!(body.contains("temporarily_unavailable"), "{body}");
        }
    }
}

#[test]
fn sigterm_lets_a_request_in_flight_finish() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path());
    let mut request = server.connect();
    let body = "theme=dark";
    write!(
        request,
        "POST /theme HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        server.address,
        body.len()
    )
    .unwrap();
    // The server says so when the handler waits for the body.
    let mut answer = BufReader::new(request.try_clone().unwrap());
    let mut line = String::new();
    answer.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "HTTP/1.1 100 Continue");
    answer.read_line(&mut line).unwrap();

    server.terminate();
    // Until it takes no more connections, it has not understood.
    while connect(server.address).is_ok() {
        std::thread::yield_now();
    }
    assert_eq!(server.child.try_wait().unwrap(), None);

    request.write_all(body.as_bytes()).unwrap();
    let mut rest = String::new();
    answer.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 303"), "{rest}");
    assert!(rest.contains("theme=dark"), "{rest}");
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    let mut more = String::new();
    server.stdout.read_to_string(&mut more).unwrap();
    assert_eq!(more, "", "the address is the last thing on standard output");
}
