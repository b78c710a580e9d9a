//! What every program that is started gets: directory, search path, variables.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

/// Where things are, and what has been set up so far.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    /// The root of the workspace.
    pub(crate) root: PathBuf,
    /// What survives a fresh clone; only ever saves time.
    pub(crate) cache: PathBuf,
    /// Directories of our tools, searched before the person's PATH.
    tools: Vec<PathBuf>,
    variables: BTreeMap<&'static str, OsString>,
}

impl Environment {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let root = workspace_root()?;
        let cache = match (absolute("XDG_CACHE_HOME"), absolute("HOME")) {
            (Some(cache), _) => cache.join("oidc-playground"),
            (None, Some(home)) => home.join(".cache").join("oidc-playground"),
            (None, None) => root.join("target").join("cache"),
        };
        // Whatever the person's settings say, so that what is built is found.
        let target = root.join("target").into_os_string();
        Ok(Self {
            root,
            cache,
            tools: Vec::new(),
            variables: BTreeMap::from([("CARGO_TARGET_DIR", target)]),
        })
    }

    /// A program, started in the workspace's root.
    pub(crate) fn command(&self, program: &str) -> Command {
        // On Unix the search goes through the PATH given here.
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", self.path());
        // `cargo run` describes this package to us. Handed on, it would make
        // some build scripts run again after each bare `cargo build`.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_")
                || text == "CARGO_PRIMARY_PACKAGE"
                || text == "CARGO_BIN_NAME"
            {
                command.env_remove(&name);
            }
        }
        command.envs(&self.variables);
        command
    }

    /// Puts a directory in front of the search path.
    pub(crate) fn prepend(&mut self, directory: PathBuf) {
        self.tools.insert(0, directory);
    }

    /// Sets a variable for every program started from now on.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.variables.insert(name, value.into());
    }

    /// Whether a variable was set here, or by whoever started us.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.variables.contains_key(name) || env::var_os(name).is_some()
    }

    /// The file that a program's name stands for.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path())
            .map(|directory| directory.join(format!("{program}{}", env::consts::EXE_SUFFIX)))
            .find(|file| is_executable(file))
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("target").join("xtask-logs")
    }

    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// Where a tool of exactly this version is kept.
    pub(crate) fn tool_directory(&self, tool: &str, version: &str) -> PathBuf {
        self.cache.join("tools").join(format!("{tool}-{version}"))
    }

    fn path(&self) -> OsString {
        let theirs = env::var_os("PATH").unwrap_or_default();
        let all = self.tools.iter().cloned().chain(env::split_paths(&theirs));
        env::join_paths(all).unwrap_or(theirs)
    }
}

/// The workspace this program was started in. Asked for when running, because
/// an executable may be shared by several clones.
fn workspace_root() -> anyhow::Result<PathBuf> {
    let start = match env::var_os("CARGO_MANIFEST_DIR") {
        Some(directory) => PathBuf::from(directory),
        None => env::current_dir().context("the current directory cannot be read")?,
    };
    start
        .ancestors()
        .find(|directory| directory.join("Cargo.lock").is_file())
        .map(Path::to_path_buf)
        .context("Start this inside the project: no Cargo.lock was found above.")
}

fn absolute(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
