//! The binary, killed in the middle of its work. `cargo xtask crash` does the
//! same for longer.

use crate::process::database;
use load::CrashOptions;
use server::{cli::DemoOptions, config::PublicUrl, demo};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
};

/// Whether nothing was lost. What is told on the way is on the test's output.
async fn survives(directory: &Path, database_url: String, rounds: u16) -> bool {
    // Free when the listener is gone.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let described = demo::run(&DemoOptions {
        json: true,
        public_url: PublicUrl::of_address(address).to_string(),
    });
    let demo = directory.join("demo.json");
    std::fs::write(&demo, described.unwrap()).unwrap();
    let options = CrashOptions {
        server: PathBuf::from(env!("CARGO_BIN_EXE_oidc-playground")),
        demo,
        database_url,
        rounds,
        seed: Some(7),
    };
    load::crash(&options).await.unwrap()
}

#[tokio::test]
async fn kill_9_loses_nothing_acknowledged_and_lets_nothing_be_used_twice() {
    let directory = tempfile::tempdir().unwrap();
    let database = database(directory.path());
    assert!(survives(directory.path(), database, 3).await);
}

#[tokio::test]
async fn a_server_that_forgets_is_found_out() {
    let directory = tempfile::tempdir().unwrap();
    let database = "sqlite::memory:".to_owned();
    assert!(!survives(directory.path(), database, 2).await);
}
