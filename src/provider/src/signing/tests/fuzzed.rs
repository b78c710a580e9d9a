//! What chance makes of tokens is never taken for ours.

use super::{ALICE, Program};
use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("token"));

/// Those that keys of ours signed.
const OURS: [&str; 5] = [
    "eddsa",
    "es256",
    "foreign-key-embedded",
    "rs256",
    "unknown-members",
];

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn kept_tokens_are_taken_for_ours_as_stated() {
    let runtime = runtime();
    let program = runtime.block_on(Program::first());
    let table: Vec<(String, bool)> = CORPUS
        .files()
        .map(|(name, _)| (name.clone(), OURS.contains(&name.as_str())))
        .collect();
    let table: Vec<(&str, bool)> = table.iter().map(|(name, ours)| (&**name, *ours)).collect();
    CORPUS.check(&table, |token| {
        let token = String::from_utf8_lossy(token);
        let verified = runtime.block_on(program.keys.verify(ALICE, &token));
        verified.unwrap().is_some()
    });
}

#[test]
fn only_what_was_signed_verifies() {
    let runtime = runtime();
    let program = runtime.block_on(Program::first());
    let ours = OURS.map(|name| CORPUS.bytes_of(name));
    hold(CORPUS.text(), |token| {
        let verified = runtime
            .block_on(program.keys.verify(ALICE, &token))
            .unwrap();
        let signed = ours.contains(&token.as_bytes());
        prop_assert_eq!(verified.is_some(), signed);
        prop_assert!(token.len() <= 16 * 1024 || verified.is_none());
        Ok(())
    });
}
