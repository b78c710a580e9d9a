//! What a person has to have; each is named with the command that installs it.

use std::fs;

use anyhow::bail;

use crate::{environment::Environment, process, version::Version};

/// The oldest Rust that compiles the workspace.
const RUST: Version = Version(1, 95, 0);
/// The oldest Node that Playwright still runs on.
const NODE: Version = Version(20, 0, 0);

/// Looks for everything and names all that is missing at once.
pub(crate) fn check(environment: &Environment) -> anyhow::Result<()> {
    let system = System::of_this_machine();
    let mut missing = Vec::new();

    let rust = version_of(environment, "rustc", "--version");
    if rust.is_none_or(|found| found < RUST) {
        missing.push(sentence("Rust", Some(RUST), rust, "rustup update stable"));
    }
    let cc = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let compiles = cc.split_whitespace().next().is_some_and(|program| {
        environment
            .command(program)
            .arg("--version")
            .output()
            .is_ok()
    });
    if !compiles {
        missing.push(sentence("A C compiler", None, None, system.c_compiler()));
    }
    let node = version_of(environment, "node", "--version");
    if node.is_none_or(|found| found < NODE) {
        missing.push(sentence("Node", Some(NODE), node, system.node()));
    } else if environment.find("npm").is_none() {
        missing.push(sentence("npm", None, None, system.npm()));
    }

    if missing.is_empty() {
        return Ok(());
    }
    bail!("{}", missing.join("\n"))
}

/// Names what the compilation of cargo-leptos calls besides a C compiler, for
/// the OpenSSL that it brings along.
pub(crate) fn check_for_cargo_leptos(environment: &Environment) -> anyhow::Result<()> {
    let system = System::of_this_machine();
    let missing: Vec<String> = ["make", "perl"]
        .into_iter()
        .filter(|program| environment.find(program).is_none())
        .map(|program| sentence(program, None, None, system.make_and_perl()))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!("{}", missing.join("\n"))
}

fn version_of(environment: &Environment, program: &str, argument: &str) -> Option<Version> {
    process::capture(environment.command(program).arg(argument))
        .ok()
        .and_then(|text| Version::find(&text))
}

fn sentence(what: &str, needed: Option<Version>, found: Option<Version>, remedy: &str) -> String {
    match (needed, found) {
        (Some(needed), Some(found)) => {
            format!(
                "{what} {needed} or newer is needed, {found} was found; install it with: {remedy}"
            )
        }
        (Some(needed), None) => {
            format!("{what} {needed} or newer is missing; install it with: {remedy}")
        }
        (None, _) => format!("{what} is missing; install it with: {remedy}"),
    }
}

/// Whose package manager a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    /// Debian or a child of it, with a Node that is new enough.
    Debian,
    /// Debian or a child of it, whose own Node is too old.
    OlderDebian,
    Fedora,
    Arch,
    Alpine,
    Mac,
    Other,
}

impl System {
    fn of_this_machine() -> Self {
        if cfg!(target_os = "macos") {
            return Self::Mac;
        }
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::of_release(&release)
    }

    /// Reads <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>.
    fn of_release(release: &str) -> Self {
        let value = |key: &str| {
            release
                .lines()
                .filter_map(|line| line.split_once('='))
                .find(|(name, _)| *name == key)
                .map_or("", |(_, value)| value.trim_matches('"'))
        };
        let family = format!("{} {}", value("ID"), value("ID_LIKE"));
        let is = |name: &str| family.split_whitespace().any(|word| word == name);
        if is("debian") || is("ubuntu") {
            let number: f32 = value("VERSION_ID").parse().unwrap_or(0.0);
            // Debian 13 and Ubuntu 25.04 are the first with Node 20.
            let newest = if value("ID") == "ubuntu" { 25.0 } else { 13.0 };
            return if number >= newest {
                Self::Debian
            } else {
                Self::OlderDebian
            };
        }
        if is("fedora") {
            Self::Fedora
        } else if is("arch") {
            Self::Arch
        } else if is("alpine") {
            Self::Alpine
        } else {
            Self::Other
        }
    }

    fn c_compiler(self) -> &'static str {
        match self {
            Self::Debian | Self::OlderDebian => "sudo apt-get install build-essential",
            Self::Fedora => "sudo dnf install gcc",
            Self::Arch => "sudo pacman -S gcc",
            Self::Alpine => "sudo apk add build-base",
            Self::Mac => "xcode-select --install",
            Self::Other => "your system's package manager (package gcc or clang)",
        }
    }

    fn make_and_perl(self) -> &'static str {
        match self {
            Self::Debian | Self::OlderDebian => "sudo apt-get install build-essential perl",
            Self::Fedora => "sudo dnf install make perl",
            Self::Arch => "sudo pacman -S make perl",
            Self::Alpine => "sudo apk add make perl",
            Self::Mac => "xcode-select --install",
            Self::Other => "your system's package manager",
        }
    }

    fn node(self) -> &'static str {
        match self {
            Self::Debian => "sudo apt-get install nodejs npm",
            Self::OlderDebian => {
                "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install nodejs"
            }
            Self::Fedora => "sudo dnf install nodejs npm",
            Self::Arch => "sudo pacman -S nodejs npm",
            Self::Alpine => "sudo apk add nodejs npm",
            Self::Mac => "brew install node",
            Self::Other => "the installer from https://nodejs.org/en/download",
        }
    }

    fn npm(self) -> &'static str {
        match self {
            Self::Debian | Self::OlderDebian => "sudo apt-get install npm",
            other => other.node(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_fits_the_system() {
        for (release, expected) in [
            ("ID=debian\nVERSION_ID=\"12\"", System::OlderDebian),
            ("ID=debian\nVERSION_ID=\"13\"", System::Debian),
            (
                "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"",
                System::OlderDebian,
            ),
            (
                "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"25.10\"",
                System::Debian,
            ),
            ("ID=fedora\nVERSION_ID=42", System::Fedora),
            ("ID=manjaro\nID_LIKE=arch", System::Arch),
            ("", System::Other),
        ] {
            assert_eq!(System::of_release(release), expected, "{release}");
        }
    }

    #[test]
    fn what_is_missing_is_one_sentence_with_its_command() {
        assert_eq!(
            sentence(
                "Node",
                Some(NODE),
                Some(Version(18, 19, 0)),
                "brew install node"
            ),
            "Node 20.0.0 or newer is needed, 18.19.0 was found; install it with: brew install node"
        );
        assert_eq!(
            sentence("A C compiler", None, None, "xcode-select --install"),
            "A C compiler is missing; install it with: xcode-select --install"
        );
    }
}
