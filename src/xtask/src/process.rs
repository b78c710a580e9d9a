//! Starting other programs and hearing what they say.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, bail};

/// Where a started program's output goes.
#[derive(Debug, Clone)]
pub(crate) enum Output {
    Screen,
    /// Appended to this file.
    Log(PathBuf),
}

/// Says what is about to happen and how long it usually takes.
pub(crate) fn announce(what: &str, usually: &str) {
    println!("==> {what} (usually {usually})");
}

/// Runs a program to its end; anything but success is an error.
pub(crate) fn run(command: &mut Command, output: &Output) -> anyhow::Result<()> {
    let line = describe(command);
    if let Output::Log(path) = output {
        let mut log = open_log(path)?;
        writeln!(log, "$ {line}")?;
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
    }
    let status = command
        .status()
        .with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a program and returns what it wrote to its standard output.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let line = describe(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{line}` could not be started"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed ({})\n{}", output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Ends this program by becoming another, so that signals reach it directly.
/// Returns only when that fails.
#[cfg(unix)]
pub(crate) fn become_program(command: &mut Command) -> anyhow::Error {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    anyhow::Error::new(error).context(format!("`{}` could not be started", describe(command)))
}

/// Runs another program to its end and ends with its exit code.
#[cfg(not(unix))]
pub(crate) fn become_program(command: &mut Command) -> anyhow::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => anyhow::Error::new(error)
            .context(format!("`{}` could not be started", describe(command))),
    }
}

/// The command line as a person would type it.
pub(crate) fn describe(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Opens a log for appending, with its directory.
pub(crate) fn open_log(path: &Path) -> anyhow::Result<File> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
    }
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// Whether this program runs as root, who may install packages.
pub(crate) fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
