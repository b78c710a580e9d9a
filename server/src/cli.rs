//! The command line, as `--help` explains it.

use crate::{client::parse_network, config::PublicUrl};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, builder::BoolishValueParser};
use ipnet::IpNet;
use std::{net::SocketAddr, path::PathBuf};

/// What is listened on when nothing else is said.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:3000";

/// A playground for OpenID Connect scopes, with a provider of its own.
#[derive(Debug, Parser)]
#[command(
    name = "oidc-playground",
    version,
    about = "Shows why a scope is missing from an OpenID Connect login",
    long_about = "Shows why a scope is missing from an OpenID Connect login.\n\n\
        Starts a web page and, on the same address, an OpenID provider to try it on. \
        Open the printed address in a browser and press Run. Without a command, `serve` is meant.",
    after_help = "Every option can also be given as an environment variable; options win.\n\
        Ends with 0 after SIGTERM or Ctrl-C, 1 when it cannot start, 2 when it is called wrongly.",
    after_long_help = "Every option can also be given as an environment variable; options win.\n\n\
        Examples:\n  \
        oidc-playground\n  \
        oidc-playground --listen 127.0.0.1:8080 --database-url sqlite::memory:\n  \
        oidc-playground --listen 0.0.0.0:3000 --public-url https://play.example\n  \
        oidc-playground demo --json\n\n\
        Exit codes: 0 after SIGTERM or Ctrl-C, 1 when it cannot start (one sentence says why), \
        2 when it is called wrongly.",
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// What to do; `serve` when not said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The options of `serve`, for when no command is named.
    #[command(flatten)]
    pub serve: ServeOptions,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the site and the provider (what happens without a command)
    Serve(ServeOptions),
    /// Print the clients, people and policies of the demo customer
    #[command(
        long_about = "Print the clients, people and policies of the demo customer.\n\n\
        The demo customer has fixed, well-known ids and secrets, so that a script or an app of \
        your own can use the provider. It exists while the server listens on loopback, elsewhere \
        only with --demo. This command does not need a running server."
    )]
    Demo(DemoOptions),
    /// Print a customer as a file for `serve --fixture`
    #[command(long_about = "Print a customer as a file for `serve --fixture`.\n\n\
        Reads the database, whether a server is running on it or not: click a sandbox together, \
        then keep it. Passwords are written as hashes, the secrets of clients as they are. \
        Clients that registered themselves are left out.")]
    Export(ExportOptions),
    /// Print the JSON Schema of fixture files
    Schema,
}

/// Options of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeOptions {
    /// Address and port to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = DEFAULT_LISTEN, env = "OIDC_PLAYGROUND_LISTEN", value_parser = parse_listen)]
    pub listen: SocketAddr,

    /// Address under which browsers reach the server [default: made from --listen]
    ///
    /// The issuer and the redirect URIs are made from it, never from what a
    /// request claims. An origin only, as browsers write it: http or https, a
    /// host, maybe a port.
    #[arg(long, value_name = "URL", env = "OIDC_PLAYGROUND_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Where everything is kept [default: a file in your data directory]
    ///
    /// `sqlite:PATH` is a file, created if missing. `sqlite::memory:` forgets
    /// everything at the end. The default is
    /// `$XDG_DATA_HOME/oidc-playground/playground.sqlite`, with
    /// `~/.local/share` when `XDG_DATA_HOME` is not set.
    #[arg(long, value_name = "URL", env = "OIDC_PLAYGROUND_DATABASE_URL")]
    pub database_url: Option<String>,

    /// Directory of the built site [default: target/site, or site beside the program]
    #[arg(long, value_name = "DIRECTORY", env = "OIDC_PLAYGROUND_SITE_ROOT")]
    pub site_root: Option<PathBuf>,

    /// Offer the demo customer even when not listening on loopback
    ///
    /// Its secrets and passwords are the same everywhere and public. When
    /// listening on loopback it is always there.
    #[arg(long, env = "OIDC_PLAYGROUND_DEMO", action = ArgAction::SetTrue, value_parser = BoolishValueParser::new())]
    pub demo: bool,

    /// A file with customers of your own: policies, clients and people
    ///
    /// JSON or TOML, by the end of its name; may be given several times, or with
    /// commas. What was changed since over the configuration API is undone, and
    /// a customer goes when its file is no longer given. `oidc-playground schema`
    /// prints what may stand in it, `oidc-playground export` writes one.
    #[arg(
        long,
        value_name = "FILE",
        env = "OIDC_PLAYGROUND_FIXTURE",
        value_delimiter = ','
    )]
    pub fixture: Vec<PathBuf>,

    /// After how many days without use a sandbox is forgotten
    ///
    /// Who comes back later finds it as it was at first, with the same ids and
    /// secrets.
    #[arg(
        long,
        value_name = "DAYS",
        default_value_t = 7,
        env = "OIDC_PLAYGROUND_SANDBOX_IDLE_DAYS",
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    pub sandbox_idle_days: u16,

    /// How many sandboxes are kept; beyond, the least recently used is forgotten
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 10_000,
        env = "OIDC_PLAYGROUND_MAX_SANDBOXES",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub max_sandboxes: u64,

    /// Whether one address, or one sandbox, may only ask so often
    ///
    /// `auto` is on, unless listening on loopback with a public URL that leads
    /// there: a proxy on this machine lets others in. An address gets 20 answers a
    /// second, 200 at once, and makes a sandbox every 5 seconds, 20 at once; a
    /// customer gives 100 answers a second, 1000 at once. Files of the site,
    /// health, discovery and keys are not counted, nor is what comes from this
    /// machine. Beyond, the answer is 429 and says when to come back. An address
    /// has at most 1000 connections. With IPv6, a whole /64 is one address.
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        env = "OIDC_PLAYGROUND_LIMITS"
    )]
    pub limits: Limits,

    /// A proxy in front: `X-Forwarded-For` is believed from this network
    ///
    /// An address or a network, like 10.0.0.0/8; may be given several times, or
    /// with commas. From anybody else the header means nothing: behind a proxy
    /// that is not named here, all visitors count as one. The public URL never
    /// comes from a request.
    #[arg(
        long = "trusted-proxy",
        value_name = "NETWORK",
        env = "OIDC_PLAYGROUND_TRUSTED_PROXY",
        value_delimiter = ',',
        value_parser = parse_network
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// How much to log, to standard error
    #[arg(
        long,
        value_enum,
        default_value = "info",
        env = "OIDC_PLAYGROUND_LOG_LEVEL"
    )]
    pub log_level: LogLevel,
}

/// Options of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportOptions {
    /// The customer's id, as its addresses begin with it; or `demo`, or the name
    /// of one from a file that says no id
    pub customer: String,

    /// How to write it
    #[arg(long, value_enum, default_value = "json")]
    pub format: FileFormat,

    /// Where the customer is kept [default: a file in your data directory]
    #[arg(long, value_name = "URL", env = "OIDC_PLAYGROUND_DATABASE_URL")]
    pub database_url: Option<String>,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// JSON
    Json,
    /// TOML
    Toml,
}

/// Options of `demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoOptions {
    /// Print JSON, for scripts
    #[arg(long)]
    pub json: bool,

    /// Public URL of the server, as it was started
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:3000",
        env = "OIDC_PLAYGROUND_PUBLIC_URL"
    )]
    pub public_url: String,
}

/// Whether requests are limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Limits {
    /// Always
    On,
    /// Never
    Off,
    /// Unless nobody but this machine can come
    Auto,
}

impl Limits {
    /// Whether they are on for a server that listens there and that browsers
    /// reach under this URL.
    #[must_use]
    pub fn are_on(self, bound: SocketAddr, public_url: &PublicUrl) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
            Self::Auto => !public_url.is_only_here(bound),
        }
    }
}

/// How much is logged. Only of our own crates: at `debug` a library might show
/// what must not be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Only what went wrong
    Error,
    /// Also what looks wrong
    Warn,
    /// Also one line per request
    Info,
    /// Also single steps
    Debug,
}

impl LogLevel {
    /// The name as `tracing` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// Reads `127.0.0.1:3000`, `[::1]:3000` and, for convenience, `localhost:3000`.
fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let address = text
        .strip_prefix("localhost:")
        .map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    address.parse().map_err(|_| {
        "expected an IP address and a port, like 127.0.0.1:3000 or [::1]:3000".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serve_is_meant_when_no_command_is_named() {
        let cli = Cli::try_parse_from(["oidc-playground", "--listen", "[::1]:8080"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.serve.listen, "[::1]:8080".parse().unwrap());
    }

    #[test]
    fn localhost_may_be_listened_on_by_name() {
        assert_eq!(
            parse_listen("localhost:80").unwrap(),
            "127.0.0.1:80".parse().unwrap()
        );
        assert!(parse_listen("localhost").is_err());
        assert!(parse_listen("playground.example:80").is_err());
    }

    #[test]
    fn requests_are_limited_unless_nobody_else_can_come() {
        let (here, elsewhere) = ("http://localhost:3000", "https://play.example");
        for (listen, public_url, on) in [
            ("127.0.0.1:3000", here, false),
            ("[::1]:3000", here, false),
            ("[::ffff:127.0.0.1]:3000", here, false),
            ("0.0.0.0:3000", here, true),
            ("[::]:3000", here, true),
            ("192.0.2.1:3000", here, true),
            // Behind a proxy on the same machine.
            ("127.0.0.1:3000", elsewhere, true),
            ("0.0.0.0:3000", elsewhere, true),
        ] {
            let bound = listen.parse().unwrap();
            let url = PublicUrl::parse(public_url).unwrap();
            assert_eq!(Limits::Auto.are_on(bound, &url), on, "{listen} {url}");
            assert!(Limits::On.are_on(bound, &url) && !Limits::Off.are_on(bound, &url));
        }
    }

    #[test]
    fn proxies_may_be_named_one_by_one_or_with_commas() {
        let named = |arguments: &[&str]| {
            let all = ["oidc-playground"].iter().chain(arguments);
            Cli::try_parse_from(all).map(|cli| cli.serve.trusted_proxies)
        };
        let [ten, fd] = ["10.0.0.0/8", "fd00::1/128"].map(|text| text.parse().unwrap());
        assert_eq!(named(&[]).unwrap(), []);
        for arguments in [
            &["--trusted-proxy", "10.0.0.0/8,fd00::1"][..],
            &[
                "--trusted-proxy",
                "10.0.0.0/8",
                "--trusted-proxy",
                "fd00::1",
            ],
        ] {
            assert_eq!(named(arguments).unwrap(), [ten, fd]);
        }
        assert!(named(&["--trusted-proxy", "proxy.example"]).is_err());
    }

    #[test]
    fn a_wrong_option_is_a_matter_of_usage() {
        let error = Cli::try_parse_from(["oidc-playground", "--lissten", "1"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
    }
}
