//! The release build of the site: the server and what the browser loads.

use std::{
    fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
    time::UNIX_EPOCH,
};

use anyhow::{Context as _, bail};

use crate::{
    build_cache,
    environment::Environment,
    process::{self, Output},
};

/// What the build reads, beside the crates in `src`.
const INPUTS: [&str; 7] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "app",
    "public",
    "server",
    "style",
];

/// Crates that decide nothing in there.
const TOOLS: [&str; 2] = ["load", "xtask"];

/// Builds the site unless the last build was of the same files.
///
/// `cargo leptos` notices that by itself, but runs wasm-bindgen and wasm-opt
/// each time; looking at the files takes a moment.
pub(crate) fn build(environment: &mut Environment, output: &Output) -> anyhow::Result<()> {
    let stamp = environment.root.join("target").join("xtask-site.stamp");
    let inputs = fingerprint_of_inputs(environment)?;
    if fs::read_to_string(&stamp).is_ok_and(|kept| kept == stamp_of(environment, inputs)) {
        return Ok(());
    }
    if matches!(output, Output::Screen) {
        process::announce(
            "Building the site: the server, and the WebAssembly for the browser",
            "5 to 10 minutes the first time, under two afterwards",
        );
    }
    let _ = fs::remove_file(&stamp);
    let _guard = build_cache::enter(environment, output)?;
    process::run(
        environment
            .command("cargo")
            .args(["leptos", "build", "--release", "--precompress"])
            // Where cargo-leptos itself was when it failed helps nobody.
            .env("RUST_BACKTRACE", "0"),
        output,
    )?;
    for file in [binary(environment), hash_file(environment)] {
        if !file.is_file() {
            bail!("The build ended well, yet {} is missing.", file.display());
        }
    }
    fs::write(&stamp, stamp_of(environment, inputs))
        .with_context(|| format!("{} cannot be written", stamp.display()))?;
    Ok(())
}

/// The built server.
pub(crate) fn binary(environment: &Environment) -> PathBuf {
    environment
        .root
        .join("target/release")
        .join(format!("oidc-playground{}", std::env::consts::EXE_SUFFIX))
}

/// What the browser loads.
pub(crate) fn root(environment: &Environment) -> PathBuf {
    environment.root.join("target").join("site")
}

fn hash_file(environment: &Environment) -> PathBuf {
    environment.root.join("target/release/hash.txt")
}

/// The built server, ready to be given arguments and started.
pub(crate) fn server(environment: &Environment) -> Command {
    let mut command = environment.command(&binary(environment).to_string_lossy());
    command
        .env("OIDC_PLAYGROUND_SITE_ROOT", root(environment))
        .env("LEPTOS_OUTPUT_NAME", "oidc-playground")
        .env("LEPTOS_SITE_ROOT", root(environment))
        .env("LEPTOS_SITE_PKG_DIR", "pkg")
        .env("LEPTOS_ENV", "PROD")
        // Without it the pages link to files by names they do not have.
        .env("LEPTOS_HASH_FILES", "true")
        .env("LEPTOS_HASH_FILE_NAME", "hash.txt");
    command
}

/// All regular files below a directory, in order.
pub(crate) fn files_below(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut unread = vec![directory.to_path_buf()];
    while let Some(directory) = unread.pop() {
        let entries = fs::read_dir(&directory)
            .with_context(|| format!("{} cannot be read", directory.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                unread.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn fingerprint_of_inputs(environment: &Environment) -> anyhow::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let compiler = process::capture(environment.command("rustc").arg("-vV"))?;
    hasher.write(compiler.as_bytes());
    for variable in ["RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        hasher.write(std::env::var(variable).unwrap_or_default().as_bytes());
    }
    let mut files = Vec::new();
    for input in INPUTS {
        let path = environment.root.join(input);
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    for directory in fs::read_dir(environment.root.join("src"))? {
        let path = directory?.path();
        let is_tool = TOOLS.iter().any(|tool| path.ends_with(tool));
        if !is_tool && path.is_dir() {
            files.extend(files_below(&path)?);
        }
    }
    files.sort();
    for file in files {
        hasher.write(file.to_string_lossy().as_bytes());
        let content =
            fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Ok(hasher.finish())
}

/// Names the inputs and what was made of them, so that a build by other means
/// in between is noticed.
fn stamp_of(environment: &Environment, inputs: u64) -> String {
    let mut outputs = DefaultHasher::new();
    let mut files = files_below(&root(environment)).unwrap_or_default();
    files.push(binary(environment));
    files.push(hash_file(environment));
    for file in files {
        outputs.write(file.to_string_lossy().as_bytes());
        let Ok(found) = file.metadata() else {
            continue;
        };
        outputs.write_u64(found.len());
        let changed = found
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        outputs.write_u128(changed.unwrap_or_default().as_nanos());
    }
    format!("inputs {inputs:016x}\noutputs {:016x}\n", outputs.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_below_a_directory_is_listed_in_order() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = files_below(directory).expect("this crate's files");
        assert!(files.contains(&directory.join("src").join("site.rs")));
        assert!(files.is_sorted());
    }
}
