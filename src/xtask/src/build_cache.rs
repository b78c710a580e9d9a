//! Compiled dependencies that outlive a clone.
//!
//! Cargo can keep intermediate files apart from the finished ones
//! (<https://doc.rust-lang.org/cargo/reference/build-cache.html>). A fresh
//! clone then compiles only our own crates.
//!
//! Cargo tells whether a file changed by its time of change, and knows our
//! crates by their path inside the workspace. Another clone's older file would
//! pass for one already compiled, so our crates are forgotten whenever the
//! clone changes, and one clone at a time builds there.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    environment::Environment,
    process::{self, Output},
};

/// Says no to sharing, or where to share.
const VARIABLE: &str = "OIDC_PLAYGROUND_BUILD_CACHE";
/// Cargo's own setting, since 1.91.
const BUILD_DIR: &str = "CARGO_BUILD_BUILD_DIR";

/// Keeps other clones out until it is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    _lock: Option<File>,
}

/// Turns the shared build directory on where it was asked for, or in CI.
pub(crate) fn enter(environment: &mut Environment, output: &Output) -> anyhow::Result<Guard> {
    let wish = env::var(VARIABLE).ok();
    let ci = env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    // Either it is on since an earlier call, whose guard still holds, or the
    // person has decided with cargo's own variable.
    if environment.has(BUILD_DIR) {
        return Ok(Guard { _lock: None });
    }
    let Some(directory) = directory(wish.as_deref(), ci, environment) else {
        return Ok(Guard { _lock: None });
    };
    fs::create_dir_all(&directory)
        .with_context(|| format!("{} cannot be made", directory.display()))?;
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join("lock"))?;
    if lock.try_lock().is_err() {
        println!("==> Waiting for another clone that uses the build cache");
        lock.lock().context("the build cache cannot be locked")?;
    }
    environment.set(BUILD_DIR, directory.as_os_str());
    forget_other_clones(environment, &directory, output)?;
    Ok(Guard { _lock: Some(lock) })
}

fn directory(wish: Option<&str>, ci: bool, environment: &Environment) -> Option<PathBuf> {
    match wish {
        Some("0" | "") => None,
        Some("1") => Some(environment.cache.join("build-dir")),
        Some(directory) => Some(environment.root.join(directory)),
        None => ci.then(|| environment.cache.join("build-dir")),
    }
}

/// Removes our own crates when another clone compiled them.
fn forget_other_clones(
    environment: &Environment,
    directory: &Path,
    output: &Output,
) -> anyhow::Result<()> {
    let owner = directory.join("clone");
    let root = environment.root.to_string_lossy();
    let before = fs::read_to_string(&owner).unwrap_or_default();
    if before == root {
        return Ok(());
    }
    if !before.is_empty() {
        // Unfinished cleaning must not look finished.
        let _ = fs::remove_file(&owner);
        forget_members(environment, directory)?;
    }
    if let Output::Log(log) = output {
        use std::io::Write as _;
        writeln!(
            process::open_log(log)?,
            "{} now belongs to {root}, before to {before}",
            directory.display()
        )?;
    }
    fs::write(&owner, root.as_bytes())?;
    Ok(())
}

/// Removes what cargo knows of the members, whatever the profile and target.
/// `cargo clean --package` would need one call for each of those.
fn forget_members(environment: &Environment, directory: &Path) -> anyhow::Result<()> {
    let members = crate::tree::members(environment)?;
    let mut unread = vec![directory.to_path_buf()];
    while let Some(directory) = unread.pop() {
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if !path.is_dir() {
                continue;
            }
            let name_of = |path: &Path| {
                path.file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default()
            };
            let name = name_of(&path);
            match name_of(&directory).as_str() {
                ".fingerprint" if belongs_to(&name, &members) => fs::remove_dir_all(&path)?,
                // Where cargo will keep it one day
                // (<https://github.com/rust-lang/cargo/issues/15010>).
                "build" if members.contains(&name) => fs::remove_dir_all(&path)?,
                ".fingerprint" | "build" | "deps" | "incremental" => {}
                _ => unread.push(path),
            }
        }
    }
    Ok(())
}

/// Whether `name-hash` is about one of these packages.
fn belongs_to(fingerprint: &str, members: &[String]) -> bool {
    fingerprint
        .rsplit_once('-')
        .is_some_and(|(name, _)| members.iter().any(|member| member == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_crates_are_forgotten() {
        let members = ["oidc".to_owned(), "relying-party".to_owned()];
        assert!(belongs_to("oidc-0123456789abcdef", &members));
        assert!(belongs_to("relying-party-0123456789abcdef", &members));
        assert!(!belongs_to("openidconnect-0123456789abcdef", &members));
        assert!(!belongs_to("oidc-extra-0123456789abcdef", &members));
        assert!(!belongs_to("oidc", &members));
    }
}
