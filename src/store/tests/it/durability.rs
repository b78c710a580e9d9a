//! What was acknowledged survives the death of the process.

use crate::fixture::*;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Command, Stdio},
};

/// Where the process that will be killed finds its database.
const DATABASE: &str = "STORE_TEST_DATABASE";
/// What it says when a write was acknowledged.
const ACKNOWLEDGED: &str = "acknowledged ";

#[tokio::test]
async fn killing_the_process_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.db");
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("durability::writes_without_end_when_it_is_told_to")
            .env(DATABASE, &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let last = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix(ACKNOWLEDGED)?.parse::<u32>().ok())
            .nth(60)
            .unwrap();
        // SIGKILL, in the middle of further writes.
        child.kill().unwrap();
        child.wait().unwrap();

        let store = open(&path).await;
        for number in 0..=last {
            let code = store.code(OURS, &format!("{number}")).await.unwrap();
            let (_, used) = code.unwrap();
            assert!(used, "round {round}: code {number} of {last}");
            let token = store.token(OURS, &format!("{number}")).await.unwrap();
            assert!(token.is_some(), "round {round}: token {number} of {last}");
        }
        assert!(store.delete_customer(OURS).await.unwrap());
        store.close().await;
    }
}

/// Does nothing in a test run; the test above starts it in a process of its own.
#[tokio::test]
async fn writes_without_end_when_it_is_told_to() {
    let Some(path) = std::env::var_os(DATABASE).map(PathBuf::from) else {
        return;
    };
    let store = open(&path).await;
    assert!(insert(&store, &customer(OURS), Some(&key_of(OURS))).await);
    println!();
    for number in 0_u32.. {
        let name = format!("{number}");
        store.insert_code(&name, &code(OURS)).await.unwrap();
        let made = [(name.as_str(), &token(OURS))];
        assert!(store.redeem_code(OURS, &name, NOW, &made).await.unwrap());
        println!("{ACKNOWLEDGED}{number}");
        std::io::stdout().flush().unwrap();
    }
}
