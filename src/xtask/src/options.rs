//! The words after `cargo xtask`.

use crate::stages;

/// What a person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Help,
    Setup,
    Serve(ServeOptions),
    Dev,
    Test(Selection),
    Figures,
    Load(LoadOptions),
    Audit(AuditOptions),
    Crash(CrashOptions),
}

/// What is handed to the server as it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ServeOptions {
    pub(crate) arguments: Vec<String>,
}

/// What is measured, and how.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LoadOptions {
    /// Whether the npm providers are measured beside ours.
    pub(crate) peers: bool,
    /// What is handed to the load generator as it stands.
    pub(crate) arguments: Vec<String>,
}

/// How the server is killed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct CrashOptions {
    /// What is handed to the load generator as it stands.
    pub(crate) arguments: Vec<String>,
}

/// How dependencies are checked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditOptions {
    /// Whether advisories, which must be fetched, are left out.
    pub(crate) offline: bool,
}

/// Which stages run; both lists empty means all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) only: Vec<String>,
    pub(crate) skip: Vec<String>,
}

impl Selection {
    pub(crate) fn includes(&self, stage: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == stage);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

pub(crate) const USAGE: &str = "\
Usage: cargo xtask serve [--listen ADDRESS] [--database-url URL] [--public-url URL] [-- OPTIONS]
       cargo xtask test [--only STAGE,…] [--skip STAGE,…]
       cargo xtask load [--peers] [--seconds N] [--connections N] [--rounds N]
                        [--only SCENARIO,…] [--json FILE]
       cargo xtask crash [--rounds N] [--seed S]
       cargo xtask audit [--offline]
       cargo xtask dev | setup | figures | help";

pub(crate) const HELP: &str = "\
Sets up, builds, runs and checks the OIDC Playground.

Usage: cargo xtask COMMAND [OPTIONS]

Commands:
  serve    Sets up what is missing, builds the site in release mode, starts it
           and prints its address (http://127.0.0.1:3000 unless told otherwise)
  test     Runs every check, one line each, and ends with `N passed, M failed`
  dev      Sets up what is missing, then builds and reloads as files change
  setup    Only sets up what is missing for the build of the site
  figures  Measures the release binary: time from start to the first discovery
           answer, and memory when idle
  load     Measures the release binary under load: requests per second and
           latencies of each endpoint, start, memory
  crash    Kills the release binary again and again in the middle of its work, and
           checks that nothing acknowledged is lost and nothing usable twice
  audit    Checks the dependencies: licences, bans, sources, and known
           vulnerabilities (advisories)
  help     Prints this

Options of serve:
  --listen ADDRESS      Where to listen, for example 127.0.0.1:8080
  --database-url URL    Where to keep data, for example sqlite::memory:
  --public-url URL      Where browsers reach it, for example https://play.example
  -- OPTIONS            Anything else for the server; `-- --help` lists it

Options of test:
  --only STAGE[,STAGE]  Only these stages
  --skip STAGE[,STAGE]  All but these stages
  --list                Lists the stages

Options of load:
  --peers               Also npm oidc-provider and oauth2-mock-server, in turns
                        with ours
  --seconds N           How long each of three rounds takes, 5 unless told otherwise
  --rounds N            How many rounds
  --connections N       How many connections are busy at once, 16 unless told otherwise
  --only SCENARIO[,…]   Only these; a wrong name lists them
  --json FILE           Also writes all figures there

Options of crash:
  --rounds N            How often it is killed, 20 unless told otherwise
  --seed S              The moments and choices of an earlier time

Options of audit:
  --offline             Leaves the advisories out, which must be fetched from
                        github.com, and says so. Without it, advisories that
                        cannot be fetched are a failure

What may be missing and who installs it:
  the wasm32 target     rustup, else Debian's packages (as root)
  cargo-leptos, wasm-bindgen, wasm-opt, cargo-shear, cargo-deny (audit only)
                        this program, into its cache; one on the PATH is used
                        when its version serves
  Chromium (test only)  found on the PATH, else Debian's package (as root),
                        else Playwright's own
  Rust, a C compiler, Node, npm
                        you; the command is named when one is missing

Environment:
  XDG_CACHE_HOME                 The cache is oidc-playground in there, else in ~/.cache
  OIDC_PLAYGROUND_BUILD_CACHE    A directory that keeps compiled dependencies from one
                                 clone to the next; 0 turns it off. When CI is set it
                                 is on, below the cache
  OIDC_PLAYGROUND_CHROMIUM       The Chromium that the browser tests shall use
  OIDC_PLAYGROUND_*              Options of the server, see its --help

The output of each stage of `test` is kept in target/xtask-logs.
The cache only saves time: it may be deleted whenever you like.";

/// Reads the arguments; the error is one sentence for the person.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Request, String> {
    let arguments: Vec<String> = arguments.collect();
    let Some((command, rest)) = arguments.split_first() else {
        return Err("Say what to do.".to_owned());
    };
    if rest
        .iter()
        .take_while(|argument| *argument != "--")
        .any(|argument| argument == "--help" || argument == "-h")
    {
        return Ok(Request::Help);
    }
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Request::Help),
        "serve" => parse_serve(rest).map(Request::Serve),
        "test" => parse_test(rest),
        "dev" => without_options(command, rest, Request::Dev),
        "setup" => without_options(command, rest, Request::Setup),
        "load" => parse_load(rest).map(Request::Load),
        "crash" => parse_crash(rest).map(Request::Crash),
        "audit" => parse_audit(rest).map(Request::Audit),
        "figures" => without_options(command, rest, Request::Figures),
        unknown => Err(format!("There is no command `{unknown}`.")),
    }
}

fn without_options(command: &str, rest: &[String], request: Request) -> Result<Request, String> {
    match rest.first() {
        None => Ok(request),
        Some(unknown) => Err(format!("`{command}` does not know `{unknown}`.")),
    }
}

fn parse_serve(rest: &[String]) -> Result<ServeOptions, String> {
    let mut options = ServeOptions::default();
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            options.arguments.extend(rest.cloned());
            break;
        }
        let (name, value) = name_and_value(argument, &mut rest)?;
        if name != "--listen" && name != "--database-url" && name != "--public-url" {
            return Err(format!("`serve` does not know `{name}`."));
        }
        options.arguments.extend([name, value]);
    }
    Ok(options)
}

fn parse_load(rest: &[String]) -> Result<LoadOptions, String> {
    const HANDED_ON: [&str; 5] = ["--seconds", "--rounds", "--connections", "--only", "--json"];
    let mut options = LoadOptions::default();
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        if argument == "--peers" {
            options.peers = true;
            continue;
        }
        let (name, value) = name_and_value(argument, &mut rest)?;
        if !HANDED_ON.contains(&name.as_str()) {
            return Err(format!("`load` does not know `{name}`."));
        }
        options.arguments.extend([name, value]);
    }
    Ok(options)
}

fn parse_crash(rest: &[String]) -> Result<CrashOptions, String> {
    let mut options = CrashOptions::default();
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        let (name, value) = name_and_value(argument, &mut rest)?;
        if name != "--rounds" && name != "--seed" {
            return Err(format!("`crash` does not know `{name}`."));
        }
        options.arguments.extend([name, value]);
    }
    Ok(options)
}

fn parse_audit(rest: &[String]) -> Result<AuditOptions, String> {
    let mut options = AuditOptions::default();
    for argument in rest {
        match argument.as_str() {
            "--offline" => options.offline = true,
            unknown => return Err(format!("`audit` does not know `{unknown}`.")),
        }
    }
    Ok(options)
}

fn parse_test(rest: &[String]) -> Result<Request, String> {
    let mut selection = Selection::default();
    let mut rest = rest.iter();
    while let Some(argument) = rest.next() {
        if argument == "--list" {
            return Ok(Request::Test(Selection {
                only: vec!["list".to_owned()],
                skip: Vec::new(),
            }));
        }
        let (name, value) = name_and_value(argument, &mut rest)?;
        let list = match name.as_str() {
            "--only" => &mut selection.only,
            "--skip" => &mut selection.skip,
            _ => return Err(format!("`test` does not know `{name}`.")),
        };
        for stage in value.split(',') {
            if !stages::exists(stage) {
                return Err(format!(
                    "There is no stage `{stage}`. There are: {}.",
                    stages::names().join(", ")
                ));
            }
            list.push(stage.to_owned());
        }
    }
    Ok(Request::Test(selection))
}

/// Splits `--name=value`, or takes the value from the next argument.
fn name_and_value<'a>(
    argument: &str,
    rest: &mut impl Iterator<Item = &'a String>,
) -> Result<(String, String), String> {
    if !argument.starts_with("--") {
        return Err(format!("`{argument}` is not an option."));
    }
    if let Some((name, value)) = argument.split_once('=') {
        return Ok((name.to_owned(), value.to_owned()));
    }
    match rest.next() {
        Some(value) => Ok((argument.to_owned(), value.clone())),
        None => Err(format!("`{argument}` needs a value, or is not known.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Request, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_of_the_server_are_handed_on() {
        let expected = [
            "--listen",
            "127.0.0.1:0",
            "--database-url",
            "sqlite::memory:",
        ];
        for line in [
            "serve --listen 127.0.0.1:0 --database-url sqlite::memory:",
            "serve --listen=127.0.0.1:0 --database-url=sqlite::memory:",
            "serve --listen 127.0.0.1:0 -- --database-url sqlite::memory:",
        ] {
            let Ok(Request::Serve(options)) = read(line) else {
                panic!("{line} was not understood");
            };
            assert_eq!(options.arguments, expected);
        }
    }

    #[test]
    fn options_of_the_load_generator_are_handed_on() {
        let expected = LoadOptions {
            peers: true,
            arguments: ["--seconds", "2", "--only", "flow"]
                .map(str::to_owned)
                .into(),
        };
        assert_eq!(
            read("load --seconds 2 --peers --only=flow"),
            Ok(Request::Load(expected))
        );
        assert_eq!(read("load"), Ok(Request::Load(LoadOptions::default())));
        let arguments = ["--rounds", "3", "--seed", "7"].map(str::to_owned).into();
        assert_eq!(
            read("crash --rounds 3 --seed=7"),
            Ok(Request::Crash(CrashOptions { arguments }))
        );
    }

    #[test]
    fn advisories_are_left_out_only_on_request() {
        for (line, offline) in [("audit", false), ("audit --offline", true)] {
            assert_eq!(read(line), Ok(Request::Audit(AuditOptions { offline })));
        }
    }

    #[test]
    fn unknown_words_are_refused() {
        for line in [
            "",
            "sevre",
            "serve now",
            "serve --port 1",
            "serve --listen",
            "dev fast",
            "load --fast 1",
            "load --seconds",
            "crash gently",
            "crash --seed",
            "audit --online",
            "test --only nothing",
            "test everything",
        ] {
            assert!(read(line).is_err(), "{line} was understood");
        }
    }

    #[test]
    fn only_and_skip_choose_stages() {
        let Ok(Request::Test(selection)) = read("test --only fmt,clippy --skip clippy") else {
            panic!("not understood");
        };
        assert!(selection.includes("fmt"));
        assert!(!selection.includes("clippy"));
        assert!(!selection.includes("doc"));
        assert!(Selection::default().includes("doc"));
    }

    #[test]
    fn help_is_given_before_a_mistake_is_looked_for() {
        assert_eq!(read("serve --help"), Ok(Request::Help));
        assert_eq!(
            read("serve -- --help"),
            Ok(Request::Serve(ServeOptions {
                arguments: vec!["--help".to_owned()]
            }))
        );
    }
}
