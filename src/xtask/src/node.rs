//! What is done with Node and npm.

use std::{
    fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{
    environment::Environment,
    process::{self, Output},
};

/// Installs the packages of a directory exactly as locked, unless they are there.
pub(crate) fn ensure_packages(
    environment: &Environment,
    directory: &Path,
    output: &Output,
) -> anyhow::Result<()> {
    let lock = directory.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&lock);
    let wanted = format!("{:016x}", hasher.finish());
    let stamp = directory.join("node_modules").join(".xtask-lock");
    if fs::read_to_string(&stamp).is_ok_and(|kept| kept == wanted) {
        return Ok(());
    }
    process::run(
        environment.command("npm").current_dir(directory).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]),
        output,
    )?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// Prints the sizes of files after Brotli at its best, one line each.
const BROTLI: &str = "
const { brotliCompressSync, constants } = require('node:zlib');
const { readFileSync } = require('node:fs');
for (const file of process.argv.slice(1)) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  console.log(brotliCompressSync(readFileSync(file), { params }).length);
}";

/// The size of each file after Brotli (RFC 7932) at quality 11. Node brings
/// the reference implementation, so that no crate is needed for it.
pub(crate) fn brotli_sizes(
    environment: &Environment,
    files: &[PathBuf],
) -> anyhow::Result<Vec<u64>> {
    let printed = process::capture(
        environment
            .command("node")
            .args(["--eval", BROTLI, "--"])
            .args(files),
    )?;
    let sizes = printed
        .lines()
        .map(str::parse)
        .collect::<Result<Vec<u64>, _>>()
        .context("Node printed something else than sizes")?;
    anyhow::ensure!(
        sizes.len() == files.len(),
        "Node did not measure every file"
    );
    Ok(sizes)
}
