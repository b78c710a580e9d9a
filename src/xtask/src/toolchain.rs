//! The standard library for WebAssembly, from wherever it can be had.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use crate::{
    environment::Environment,
    process::{self, Output},
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's present Rust, with the sources of its standard library.
const DEBIAN_PACKAGES: [&str; 7] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "lld-22",
    "rust-web-clippy",
    "rustfmt-web",
];
/// The name under which rustup knows Debian's Rust.
const DEBIAN_TOOLCHAIN: &str = "debian";

/// Makes sure that the toolchain in use can build for the browser: it may be
/// able to already, or rustup adds the target, or Debian's packages serve.
pub(crate) fn ensure_wasm_target(
    environment: &mut Environment,
    output: &Output,
) -> anyhow::Result<()> {
    if has_target(environment) {
        return Ok(());
    }
    let rustup = environment.find("rustup").is_some();
    if rustup {
        let mut debian = environment.clone();
        debian.set("RUSTUP_TOOLCHAIN", DEBIAN_TOOLCHAIN);
        if has_target(&debian) {
            println!("==> Building with Debian's Rust, which was set up before");
            *environment = debian;
            return Ok(());
        }
        process::announce(
            "Adding Rust's WebAssembly target with rustup",
            "half a minute",
        );
        let added = process::run(
            environment
                .command("rustup")
                .args(["target", "add", TARGET])
                .env("RUSTUP_MAX_RETRIES", "1"),
            output,
        );
        if added.is_ok() && has_target(environment) {
            return Ok(());
        }
        println!("    rustup could not add it.");
    }
    if environment.find("apt-get").is_some() && process::is_root() {
        return set_up_debian(environment, rustup, output);
    }
    bail!(
        "Rust's WebAssembly target is missing and could not be added; install it with: rustup target add {TARGET}"
    )
}

/// Whether the standard library for the browser lies where rustc looks.
fn has_target(environment: &Environment) -> bool {
    library_directory(environment).is_ok_and(|directory| {
        fs::read_dir(directory).is_ok_and(|entries| {
            entries
                .filter_map(Result::ok)
                .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
        })
    })
}

fn library_directory(environment: &Environment) -> anyhow::Result<PathBuf> {
    let printed = process::capture(environment.command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    Ok(PathBuf::from(printed.trim()))
}

/// Installs Debian's Rust and builds its standard library for the browser.
fn set_up_debian(
    environment: &mut Environment,
    rustup: bool,
    output: &Output,
) -> anyhow::Result<()> {
    process::announce(
        "Installing Debian's Rust packages, since this machine may",
        "two minutes",
    );
    install_packages(environment, &DEBIAN_PACKAGES, output)
        .context("Debian's packages for WebAssembly could not be installed")?;
    if rustup {
        process::run(
            environment
                .command("rustup")
                .args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]),
            output,
        )?;
        environment.set("RUSTUP_TOOLCHAIN", DEBIAN_TOOLCHAIN);
    } else {
        environment.prepend(PathBuf::from("/usr/bin"));
    }
    if !has_target(environment) {
        build_standard_library(environment, output)
            .context("the standard library for WebAssembly could not be built")?;
    }
    if !has_target(environment) {
        bail!("Debian's Rust was installed, yet its WebAssembly target is still missing.");
    }
    Ok(())
}

/// Builds the standard library once, keeps it in the cache, and copies it to
/// where rustc looks.
fn build_standard_library(environment: &Environment, output: &Output) -> anyhow::Result<()> {
    let version = process::capture(environment.command("rustc").arg("--version"))?;
    let version = version.split_whitespace().nth(1).unwrap_or("unknown");
    let kept = environment.tool_directory("wasm-std", version);
    if !kept.is_dir() {
        process::announce(
            "Building Rust's standard library for WebAssembly",
            "a minute",
        );
        let scratch = environment.cache.join("build").join("wasm-std");
        fs::create_dir_all(scratch.join("src"))?;
        fs::write(scratch.join("src").join("lib.rs"), "")?;
        fs::write(
            scratch.join("Cargo.toml"),
            "[workspace]\n[package]\nname = \"wasm-std\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
             [lib]\ncrate-type = [\"cdylib\"]\n",
        )?;
        process::run(
            environment
                .command("cargo")
                .current_dir(&scratch)
                .args(["build", "--release", "--target", TARGET])
                .args(["-Z", "build-std=std,panic_abort,panic_unwind,proc_macro"])
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_DIR", scratch.join("target"))
                .env_remove("CARGO_BUILD_BUILD_DIR")
                // Without it link-time optimisation fails later, with "can't
                // find section .llvmbc".
                .env("RUSTFLAGS", "-Cembed-bitcode=yes"),
            output,
        )?;
        let built = scratch.join("target").join(TARGET).join("release/deps");
        let unfinished = kept.with_extension("new");
        copy_libraries(&built, &unfinished)?;
        fs::rename(&unfinished, &kept)?;
        fs::remove_dir_all(&scratch)?;
    }
    copy_libraries(&kept, &library_directory(environment)?)
}

fn copy_libraries(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in fs::read_dir(from)? {
        let file = entry?.path();
        if file
            .extension()
            .is_some_and(|extension| extension == "rlib")
            && let Some(name) = file.file_name()
        {
            fs::copy(&file, to.join(name))
                .with_context(|| format!("{} cannot be copied", file.display()))?;
        }
    }
    Ok(())
}

/// Installs packages with apt; only for root.
pub(crate) fn install_packages(
    environment: &Environment,
    packages: &[&str],
    output: &Output,
) -> anyhow::Result<()> {
    let apt = || -> Command {
        let mut apt = environment.command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    process::run(apt().args(["--quiet", "update"]), output)?;
    process::run(
        apt()
            .args(["--quiet", "--yes", "install", "--no-install-recommends"])
            .args(packages),
        output,
    )
}
