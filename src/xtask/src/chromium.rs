//! A browser for the end-to-end tests.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::{
    environment::Environment,
    process::{self, Output},
    toolchain,
};

/// Names under which systems install Chromium or its sister.
const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "chromium-headless-shell",
    "google-chrome-stable",
    "google-chrome",
];

/// Finds Chromium, or installs it. `None` means Playwright's own.
pub(crate) fn ensure(
    environment: &Environment,
    output: &Output,
) -> anyhow::Result<Option<PathBuf>> {
    if let Some(chosen) = std::env::var_os("OIDC_PLAYGROUND_CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        if !chosen.is_file() {
            bail!(
                "OIDC_PLAYGROUND_CHROMIUM names {}, which is no file",
                chosen.display()
            );
        }
        return Ok(Some(chosen));
    }
    if let Some(found) = find(environment) {
        return Ok(Some(found));
    }
    if environment.find("apt-get").is_some() && process::is_root() {
        process::announce("Installing Debian's Chromium", "a minute");
        toolchain::install_packages(environment, &["chromium", "fonts-liberation"], output)
            .context("Chromium could not be installed")?;
        if let Some(found) = find(environment) {
            return Ok(Some(found));
        }
    }
    process::announce("Letting Playwright fetch its Chromium", "a minute, once");
    process::run(
        environment
            .command("npx")
            .current_dir(environment.end2end())
            .args(["--no-install", "playwright", "install", "chromium"]),
        output,
    )
    .context("no Chromium was found, and Playwright could not fetch one")?;
    Ok(None)
}

fn find(environment: &Environment) -> Option<PathBuf> {
    NAMES.iter().find_map(|name| environment.find(name))
}
