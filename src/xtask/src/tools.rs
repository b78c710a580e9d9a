//! The programs that the build calls, each of a known version.
//!
//! One on the PATH is used when its version serves. Else it comes from the
//! cache, else it is installed there: as `<cache>/tools/<tool>-<version>`.

use std::fs;

use anyhow::Context as _;

use crate::{
    environment::Environment,
    prerequisites,
    process::{self, Output},
    version::Version,
};

/// A program that `cargo install` builds.
struct CrateTool {
    /// The crate, and what it is called in the cache.
    name: &'static str,
    program: &'static str,
    version: Version,
    /// Whether what was found on the PATH does as well; it may not say its
    /// version.
    serves: fn(wanted: Version, found: Option<Version>) -> bool,
    features: &'static [&'static str],
    /// Optimising a tool takes longer than it ever saves, mostly.
    optimisation: &'static str,
    usually: &'static str,
}

/// 0.3.11 asks for Rust 1.96 and 0.3.9 does not know `style-bundle`.
const CARGO_LEPTOS: CrateTool = CrateTool {
    name: "cargo-leptos",
    program: "cargo-leptos",
    version: Version(0, 3, 10),
    serves: |wanted, found| {
        found.is_some_and(|found| found >= wanted && (found.0, found.1) == (wanted.0, wanted.1))
    },
    // It shall say what is missing instead of fetching it.
    features: &["no_downloads"],
    optimisation: "0",
    usually: "5 to 10 minutes from source, once",
};

/// 1.14 asks for Rust 1.98.
const CARGO_SHEAR: CrateTool = CrateTool {
    name: "cargo-shear",
    program: "cargo-shear",
    version: Version(1, 12, 0),
    // Any; it calls itself "dev" when built from source.
    serves: |_, _| true,
    features: &[],
    optimisation: "0",
    usually: "a minute or two from source, once",
};

const CARGO_DENY: CrateTool = CrateTool {
    name: "cargo-deny",
    program: "cargo-deny",
    version: Version(0, 20, 2),
    // Later ones may read `.cargo/deny.toml` another way.
    serves: |wanted, found| {
        found.is_some_and(|found| found >= wanted && (found.0, found.1) == (wanted.0, wanted.1))
    },
    features: &[],
    optimisation: "0",
    usually: "2 to 5 minutes from source, once",
};

/// The oldest wasm-opt that was seen to read what rustc writes today.
const OLDEST_WASM_OPT: Version = Version(120, 0, 0);

/// Makes sure that all that `cargo leptos` calls is on the search path, so
/// that it has nothing to fetch.
pub(crate) fn ensure_site_tools(
    environment: &mut Environment,
    output: &Output,
) -> anyhow::Result<()> {
    ensure_crate(environment, &CARGO_LEPTOS, output)?;
    let lock = fs::read_to_string(environment.root.join("Cargo.lock"))
        .context("Cargo.lock cannot be read")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock does not name a version of wasm-bindgen")?;
    let wasm_bindgen = CrateTool {
        name: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        // The crate and the program share a format that is theirs alone.
        serves: |wanted, found| found == Some(wanted),
        features: &[],
        optimisation: "1",
        usually: "3 minutes from source, once",
    };
    ensure_crate(environment, &wasm_bindgen, output)?;
    ensure_wasm_opt(environment, output)
}

/// Makes sure that `cargo shear` can be called.
pub(crate) fn ensure_shear(environment: &mut Environment, output: &Output) -> anyhow::Result<()> {
    ensure_crate(environment, &CARGO_SHEAR, output)
}

/// Makes sure that `cargo deny` can be called.
pub(crate) fn ensure_deny(environment: &mut Environment, output: &Output) -> anyhow::Result<()> {
    ensure_crate(environment, &CARGO_DENY, output)
}

fn ensure_crate(
    environment: &mut Environment,
    tool: &CrateTool,
    output: &Output,
) -> anyhow::Result<()> {
    let on_path = ask_version(environment, tool.program);
    if on_path.is_some_and(|said| (tool.serves)(tool.version, Version::find(&said))) {
        return Ok(());
    }
    let version = tool.version.to_string();
    let directory = environment.tool_directory(tool.name, &version);
    let binaries = directory.join("bin");
    let kept = |environment: &Environment| {
        let program = binaries.join(tool.program);
        ask_version(environment, &program.to_string_lossy())
            .is_some_and(|said| Version::find(&said).is_none_or(|found| found == tool.version))
    };
    if !kept(environment) {
        process::announce(&format!("Installing {} {version}", tool.name), tool.usually);
        fs::create_dir_all(&directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
        let ready_made = environment.find("cargo-binstall").is_some()
            && process::run(
                environment
                    .command("cargo")
                    .args([
                        "binstall",
                        "--no-confirm",
                        "--disable-strategies",
                        "compile",
                    ])
                    .arg("--root")
                    .arg(&directory)
                    .arg(format!("{}@{version}", tool.name)),
                output,
            )
            .is_ok()
            && kept(environment);
        if !ready_made {
            if tool.name == CARGO_LEPTOS.name {
                prerequisites::check_for_cargo_leptos(environment)?;
            }
            // Its own lock file first. A registry that lags behind may lack
            // one of the versions in there; then the newest it has will do.
            install(environment, tool, true, output)
                .or_else(|_| install(environment, tool, false, output))
                .with_context(|| format!("{} {version} could not be installed", tool.name))?;
        }
    }
    environment.prepend(binaries);
    Ok(())
}

/// Compiles a tool quickly rather than well. What is compiled lies in the
/// cache until it is done, so that an interrupted set-up goes on where it was.
fn install(
    environment: &Environment,
    tool: &CrateTool,
    locked: bool,
    output: &Output,
) -> anyhow::Result<()> {
    let version = tool.version.to_string();
    let directory = environment.tool_directory(tool.name, &version);
    let build = environment
        .cache
        .join("build")
        .join(format!("{}-{version}", tool.name));
    let mut cargo = environment.command("cargo");
    // Outside of the workspace, whose settings are not meant for tools.
    cargo
        .current_dir(&directory)
        .args(["install", tool.name, "--version", &version, "--force"])
        .arg("--root")
        .arg(&directory)
        .env("CARGO_TARGET_DIR", &build)
        .env_remove("CARGO_BUILD_BUILD_DIR")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "64")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.optimisation);
    if locked {
        cargo.arg("--locked");
    }
    if !tool.features.is_empty() {
        cargo.arg("--features").arg(tool.features.join(","));
    }
    process::run(&mut cargo, output)?;
    // Only space is lost when this fails.
    let _ = fs::remove_dir_all(&build);
    Ok(())
}

/// wasm-opt comes with the npm package `binaryen`, pinned in `end2end`.
fn ensure_wasm_opt(environment: &mut Environment, output: &Output) -> anyhow::Result<()> {
    if ask_version(environment, "wasm-opt").and_then(|said| Version::find(&said))
        >= Some(OLDEST_WASM_OPT)
    {
        return Ok(());
    }
    let package = fs::read_to_string(environment.end2end().join("package.json"))
        .context("end2end/package.json cannot be read")?;
    let version = pinned_version(&package, "binaryen")
        .context("end2end/package.json does not pin binaryen")?;
    let directory = environment.tool_directory("binaryen", &version);
    let binaries = directory.join("node_modules").join(".bin");
    let program = binaries.join("wasm-opt");
    if ask_version(environment, &program.to_string_lossy()).is_none() {
        process::announce(
            &format!("Installing wasm-opt (binaryen {version}) with npm"),
            "half a minute",
        );
        fs::create_dir_all(&directory)
            .with_context(|| format!("{} cannot be made", directory.display()))?;
        process::run(
            environment
                .command("npm")
                .current_dir(&directory)
                .args([
                    "install",
                    "--no-save",
                    "--no-package-lock",
                    "--ignore-scripts",
                ])
                .args(["--no-audit", "--no-fund", "--prefix", "."])
                .arg(format!("binaryen@{version}")),
            output,
        )?;
    }
    environment.prepend(binaries);
    Ok(())
}

/// What a program says when it is asked for its version; `None` when it does
/// not run.
fn ask_version(environment: &Environment, program: &str) -> Option<String> {
    process::capture(environment.command(program).arg("--version")).ok()
}

/// The version of a package in a Cargo.lock.
fn locked_version(lock: &str, package: &str) -> Option<Version> {
    let after = lock
        .split("[[package]]")
        .find(|entry| entry.contains(&format!("\nname = \"{package}\"\n")))?;
    Version::find(after.split("version = \"").nth(1)?.split('"').next()?)
}

/// The version of a package in a package.json that pins exactly.
fn pinned_version(package: &str, name: &str) -> Option<String> {
    let after = package.split(&format!("\"{name}\"")).nth(1)?;
    let version = after.split('"').nth(1)?;
    Version::find(version).map(|_| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_package_itself() {
        let lock = "\
[[package]]
name = \"wasm-bindgen-macro\"
version = \"0.2.1\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
dependencies = [\"wasm-bindgen-macro\"]
";
        assert_eq!(
            locked_version(lock, "wasm-bindgen"),
            Some(Version(0, 2, 130))
        );
        assert_eq!(locked_version(lock, "leptos"), None);
    }

    #[test]
    fn a_pinned_version_is_read_and_a_range_is_not() {
        let package = r#"{"devDependencies": {"binaryen": "132.0.0", "jose": "^6.0.0"}}"#;
        assert_eq!(
            pinned_version(package, "binaryen").as_deref(),
            Some("132.0.0")
        );
        assert_eq!(pinned_version(package, "jose"), None);
        assert_eq!(pinned_version(package, "sass"), None);
    }

    #[test]
    fn a_tool_on_the_path_serves_when_it_is_new_enough_and_not_another_line() {
        let serves = |found| (CARGO_LEPTOS.serves)(CARGO_LEPTOS.version, Some(found));
        assert!(serves(Version(0, 3, 10)));
        assert!(serves(Version(0, 3, 12)));
        assert!(!serves(Version(0, 3, 9)));
        assert!(!serves(Version(0, 4, 0)));
    }
}
