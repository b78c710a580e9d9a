//! Fixture files, as the binary reads and writes them.

use crate::process::{Server, binary, database, exchange, refusal};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The example of the README.
fn example() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, from) = readme.split_once("```toml\n").unwrap();
    from.split_once("```").unwrap().0.to_owned()
}

fn write(directory: &Path, name: &str, text: &str) -> PathBuf {
    let path = directory.join(name);
    fs::write(&path, text).unwrap();
    path
}

fn start(directory: &Path, fixtures: &[&Path]) -> Server {
    let mut options = vec!["--listen", "127.0.0.1:0"];
    for path in fixtures {
        options.extend(["--fixture", path.to_str().unwrap()]);
    }
    Server::start_with(directory, &options)
}

/// What a command prints.
fn printed(arguments: &[&str]) -> String {
    let output = binary().args(arguments).output().unwrap();
    let problem = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{problem}");
    String::from_utf8(output.stdout).unwrap()
}

fn discovery(server: &Server, issuer: &str) -> (u16, Value) {
    let path = issuer
        .strip_prefix(&format!("http://{}", server.address))
        .unwrap();
    let request = format!("GET {path}/.well-known/openid-configuration");
    let (status, body) = exchange(server.address, &request, "", "").unwrap();
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// The issuers the server names at its start.
fn issuers(server: &Server) -> Vec<String> {
    let issuer = |line: &String| {
        let rest = line.strip_prefix("Issuer ")?;
        rest.split(' ').next().map(str::to_owned)
    };
    server.said.iter().filter_map(issuer).collect()
}

#[test]
fn the_example_of_the_readme_is_there_when_the_server_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let file = write(directory.path(), "shop.toml", &example());
    let server = start(directory.path(), &[&file]);
    let [issuer] = &issuers(&server)[..] else {
        panic!("{:?}", server.said)
    };
    let (status, metadata) = discovery(&server, issuer);
    assert_eq!(status, 200);
    assert_eq!(metadata["issuer"], *issuer);
    let client = |line: &String| line.starts_with("Client ");
    assert!(server.said.iter().any(client), "{:?}", server.said);
    // The same file is the same issuer on every start.
    let issuer = issuer.replace(&server.address.to_string(), "");
    drop(server);
    let again = start(directory.path(), &[&file]);
    assert_eq!(
        issuers(&again)[0].replace(&again.address.to_string(), ""),
        issuer
    );
}

#[test]
fn a_file_that_cannot_be_used_is_one_sentence_and_nothing_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let database = database(directory.path());
    let wrong = example().replace("redirectURIs", "redirectUris");
    let line = 1 + wrong
        .lines()
        .position(|line| line.starts_with("redirectUris"))
        .unwrap();
    let good = write(directory.path(), "good.toml", &example());
    let table = [
        (
            write(directory.path(), "slip.toml", &wrong),
            format!(
                "cannot be used: line {line}, customers[0].clients[0].redirectUris: there is no such member; perhaps `redirectURIs` is meant."
            ),
        ),
        (
            write(directory.path(), "torn.json", "{\n  \"customers\": [\n"),
            "cannot be used: line 3: EOF while parsing a list.".to_owned(),
        ),
        (
            write(directory.path(), "fixture.yaml", ""),
            "cannot be used: its name ends neither with .json nor with .toml.".to_owned(),
        ),
        (
            write(directory.path(), "same.toml", &example()),
            format!("is in `{}`, too.", good.display()),
        ),
        (
            directory.path().join("absent.toml"),
            "cannot be read: No such file".to_owned(),
        ),
        (
            directory.path().to_owned(),
            "its name ends neither".to_owned(),
        ),
    ];
    for (path, expected) in &table {
        let (good, path) = (good.to_str().unwrap(), path.to_str().unwrap());
        let options = ["--listen", "127.0.0.1:0", "--database-url", &database];
        let fixtures = ["--fixture", good, "--fixture", path];
        let (code, said) = refusal(&[&options[..], &fixtures].concat());
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(expected), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.ends_with(".\n"), "{said}");
        assert!(said.contains(path), "{said}");
        assert!(!directory.path().join("playground.sqlite").exists());
    }
}

#[test]
fn several_files_may_be_named_in_the_environment() {
    let directory = tempfile::tempdir().unwrap();
    let one = write(
        directory.path(),
        "one.toml",
        "customers = [{ name = 'One' }]",
    );
    let two = write(
        directory.path(),
        "two.json",
        r#"{"customers": [{"name": "Two"}]}"#,
    );
    let both = format!("{},{}", one.display(), two.display());
    let server = start(directory.path(), &[Path::new(&both)]);
    let issuers = issuers(&server);
    assert_eq!(issuers.len(), 2, "{:?}", server.said);
    for issuer in &issuers {
        assert_eq!(discovery(&server, issuer).0, 200);
    }
    drop(server);
    // A file that is no longer given takes its customer along.
    let server = start(directory.path(), &[&one]);
    let gone = issuers[1]
        .rsplit_once(':')
        .unwrap()
        .1
        .split_once('/')
        .unwrap()
        .1;
    let gone = format!("http://{}/{gone}", server.address);
    assert_eq!(discovery(&server, &gone).0, 404);
}

#[test]
fn what_is_exported_can_be_loaded_and_exports_as_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let file = write(directory.path(), "shop.toml", &example());
    drop(start(directory.path(), &[&file]));
    let from = database(directory.path());
    for format in ["json", "toml"] {
        let export = [
            "export",
            "Shop",
            "--format",
            format,
            "--database-url",
            &from,
        ];
        let exported = printed(&export);
        let elsewhere = tempfile::tempdir().unwrap();
        let copy = write(elsewhere.path(), &format!("copy.{format}"), &exported);
        drop(start(elsewhere.path(), &[&copy]));
        let to = database(elsewhere.path());
        let again = ["export", "Shop", "--format", format, "--database-url", &to];
        assert_eq!(printed(&again), exported);
    }
    let demo = printed(&["export", "demo", "--database-url", &from]);
    let demo: Value = serde_json::from_str(&demo).unwrap();
    assert_eq!(demo["customers"][0]["name"], "Demo");
}

#[test]
fn an_export_of_nobody_is_one_sentence_and_makes_no_database() {
    let directory = tempfile::tempdir().unwrap();
    let url = database(directory.path());
    let (code, said) = refusal(&["export", "demo", "--database-url", &url]);
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no such file"), "{said}");
    assert!(!directory.path().join("playground.sqlite").exists());
    let (code, said) = refusal(&["export", "x", "--database-url", "sqlite::memory:"]);
    assert_eq!(code, Some(1));
    let expected = "Cannot export: the database sqlite::memory: has no customer `x`.\n";
    assert_eq!(said, expected);
    assert_eq!(refusal(&["export"]).0, Some(2));
}

#[test]
fn the_schema_is_printed_and_served() {
    let printed = printed(&["schema"]);
    let schema: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(schema["required"][0], "customers");
    let directory = tempfile::tempdir().unwrap();
    let server = start(directory.path(), &[]);
    let (status, body) = exchange(server.address, "GET /fixture.schema.json", "", "").unwrap();
    assert_eq!((status, body), (200, printed));
}
