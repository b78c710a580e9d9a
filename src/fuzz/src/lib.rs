//! Foreign bytes for tests: kept ones, and what chance makes of them.
//!
//! A crate that reads what strangers send keeps small files in
//! `tests/corpus/<parser>`, raw bytes each. One test says what becomes of every
//! file ([`Corpus::check`]); others say what holds for all that chance makes of
//! them ([`hold`]). Whatever such a test finds becomes a further file.
//!
//! Invariants: for tests only; knows none of our crates.
//!
//! `PROPTEST_CASES=200000 cargo test -p oidc --test fuzz` looks longer than the
//! 256 inputs of an ordinary test run.

mod json;
mod mutation;

pub use proptest::{
    prop_assert, prop_assert_eq, prop_assert_ne,
    test_runner::{TestCaseError, TestCaseResult},
};

use mutation::Mutation;
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use serde_json::Value;
use std::{fmt::Debug, fs, path::Path};

/// The kept bytes of one parser.
#[derive(Clone, Debug)]
pub struct Corpus(Vec<(String, Vec<u8>)>);

/// Reads the [`Corpus`] of a parser of the crate that calls this:
/// `corpus!("scope")`.
#[macro_export]
macro_rules! corpus {
    ($parser:literal) => {
        $crate::Corpus::read(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/corpus/",
            $parser
        ))
    };
}

impl Corpus {
    /// Reads every file of a folder.
    ///
    /// # Panics
    /// When the folder cannot be read, or nothing is in it.
    #[must_use]
    pub fn read(folder: impl AsRef<Path>) -> Self {
        let folder = folder.as_ref();
        let shown = folder.display();
        let listed = fs::read_dir(folder).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let mut files: Vec<(String, Vec<u8>)> = listed
            .map(|file| {
                let path = file.expect("a readable folder").path();
                let name = path.file_name().expect("a name").to_string_lossy();
                (name.into_owned(), fs::read(&path).expect("a readable file"))
            })
            .collect();
        assert!(!files.is_empty(), "{shown} is empty");
        files.sort();
        Self(files)
    }

    /// The same and further files, for example those of another parser.
    #[must_use]
    pub fn with(mut self, further: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        self.0.extend(further);
        self
    }

    /// Asserts what becomes of every file. The table names each of them.
    ///
    /// # Panics
    /// When something else becomes of one, or the table does not fit the folder.
    pub fn check<T: Debug + PartialEq>(&self, table: &[(&str, T)], read: impl Fn(&[u8]) -> T) {
        let mut named: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        named.sort_unstable();
        let kept: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, kept, "the table and the folder name the same files");
        let other = table.iter().filter_map(|(name, expected)| {
            let read = read(self.bytes_of(name));
            (read != *expected).then(|| format!("{name}: {read:?}, not {expected:?}"))
        });
        let other: Vec<String> = other.collect();
        assert!(other.is_empty(), "{}", other.join("\n"));
    }

    /// Every file by its name.
    pub fn files(&self) -> impl Iterator<Item = (String, Vec<u8>)> + use<'_> {
        self.0.iter().cloned()
    }

    /// The bytes of a file.
    ///
    /// # Panics
    /// When there is no such file.
    #[must_use]
    pub fn bytes_of(&self, name: &str) -> &[u8] {
        let found = self.0.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("there is no {name}")).1
    }

    /// Any bytes: mostly a file that was changed in a few places, sometimes
    /// nothing that anybody thought of.
    pub fn bytes(&self) -> impl Strategy<Value = Vec<u8>> + use<> {
        let files: Vec<Vec<u8>> = self.0.iter().map(|(_, bytes)| bytes.clone()).collect();
        let others = files.clone();
        let mutations = prop::collection::vec(Mutation::any(), 0..8);
        prop_oneof![
            6 => (select(files), mutations)
                .prop_map(move |(bytes, mutations)| mutation::apply(bytes, &mutations, &others)),
            1 => prop::collection::vec(any::<u8>(), 0..200),
        ]
    }

    /// Any text; bytes that are none are replaced.
    pub fn text(&self) -> impl Strategy<Value = String> + use<> {
        prop_oneof![
            6 => self.bytes().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            1 => any::<String>(),
        ]
    }

    /// JSON: files that are, with a few values exchanged for others, removed or
    /// added.
    ///
    /// # Panics
    /// When no file is JSON.
    pub fn json(&self) -> impl Strategy<Value = Value> + use<> {
        let values: Vec<Value> = self
            .0
            .iter()
            .filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok())
            .collect();
        let others = values.clone();
        let changes = prop::collection::vec(json::Change::any(), 0..5);
        (select(values), changes)
            .prop_map(move |(value, changes)| json::apply(value, &changes, &others))
    }
}

/// Asserts that a property holds for as many inputs as `PROPTEST_CASES` says,
/// 256 when it is silent.
///
/// # Panics
/// With the smallest input that was found it does not hold for.
pub fn hold<S: Strategy>(inputs: S, property: impl Fn(S::Value) -> TestCaseResult) {
    // What is found is kept in the corpus, not as the seed of a generator.
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if let Err(found) = TestRunner::new(config).run(&inputs, property) {
        panic!("{found}");
    }
}
