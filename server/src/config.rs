//! What the options mean, checked once at the start.

use crate::{
    cli::{Limits, LogLevel, ServeOptions},
    client::TrustedProxies,
};
use http::{Uri, uri::Scheme};
use provider::SandboxLife;
use std::{
    borrow::Cow,
    env,
    ffi::OsString,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};
use thiserror::Error;
use url::Url;

/// The name that files of the site begin with; `output-name` in the root
/// `Cargo.toml`.
pub const OUTPUT_NAME: &str = "oidc-playground";

/// The options, understood.
#[derive(Clone, Debug)]
pub struct Config {
    /// What to listen on.
    pub listen: SocketAddr,
    /// The public URL, if one was given; else it is made from the bound address.
    pub public_url: Option<PublicUrl>,
    /// Where everything is kept, as the store understands it.
    pub database_url: String,
    /// Directory of the built site.
    pub site_root: PathBuf,
    /// Whether the demo customer was asked for.
    pub demo: bool,
    /// Files with customers.
    pub fixtures: Vec<PathBuf>,
    /// When sandboxes go.
    pub sandboxes: SandboxLife,
    /// Whether requests are limited.
    pub limits: Limits,
    /// Who may say where a request comes from.
    pub trusted_proxies: TrustedProxies,
    /// How much is logged.
    pub log_level: LogLevel,
}

/// What is wrong with an option. Each is one sentence for the person who
/// started the program.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The public URL is not an origin.
    #[error("The public URL `{url}` cannot be used: {why}.")]
    PublicUrl {
        /// The URL as given.
        url: String,
        /// What is wrong, as the end of a sentence.
        why: Cow<'static, str>,
    },
    /// No database URL was given and there is no home directory to put one in.
    #[error(
        "There is no home directory to keep the database in: set HOME, or choose a file with --database-url sqlite:PATH."
    )]
    NoHome,
}

impl Config {
    /// Reads the options.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn read(options: &ServeOptions) -> Result<Self, ConfigError> {
        Ok(Self {
            listen: options.listen,
            public_url: options
                .public_url
                .as_deref()
                .map(PublicUrl::parse)
                .transpose()?,
            database_url: database_url(options.database_url.as_ref())?,
            site_root: options.site_root.clone().unwrap_or_else(default_site_root),
            demo: options.demo,
            fixtures: options.fixture.clone(),
            sandboxes: SandboxLife {
                idle_days: options.sandbox_idle_days,
                most: options.max_sandboxes,
            },
            limits: options.limits,
            trusted_proxies: TrustedProxies::new(&options.trusted_proxies),
            log_level: options.log_level,
        })
    }
}

/// The origin under which browsers reach the server: `https://play.example`,
/// without a slash at the end.
///
/// A path is refused: cookies are for the whole host (`__Host-` demands it), so
/// a playground under a path would share them with its neighbours. A name of
/// its own costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads a URL; the host ends up in lower case and without a default port,
    /// as browsers write an origin.
    ///
    /// # Errors
    /// When it is more, or less, than an origin, or its host is one that
    /// browsers write otherwise: `127.1` is `127.0.0.1` to them.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let wrong = |why: &'static str| refused(text, why);
        // `Uri` forgets a fragment without a word.
        if text.contains('#') {
            return Err(wrong("it must not have a fragment"));
        }
        let uri: Uri = text.parse().map_err(|_| match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                written_otherwise(text, &url.origin().ascii_serialization())
            }
            _ => wrong("it is not a URL like https://play.example"),
        })?;
        let scheme = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP || *scheme == Scheme::HTTPS => scheme,
            _ => return Err(wrong("it must begin with http:// or https://")),
        };
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("it must not have a user name or password"));
        }
        if uri.query().is_some() {
            return Err(wrong("it must not have a query"));
        }
        if !matches!(uri.path(), "" | "/") {
            return Err(wrong(
                "it must not have a path, since cookies are for the whole host",
            ));
        }
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() {
            return Err(wrong("it has no host"));
        }
        // A port that is none counts as absent in `port_u16`.
        if authority.as_str() != authority.host() && authority.port_u16().is_none() {
            return Err(wrong("its port is not a number up to 65535"));
        }
        if authority.port_u16() == Some(0) {
            return Err(wrong("nothing can be reached on port 0"));
        }
        let standard = if *scheme == Scheme::HTTPS { 443 } else { 80 };
        let origin = match authority.port_u16() {
            Some(port) if port != standard => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        };
        // Browsers compare redirect URIs, issuers and origins with what they
        // write themselves.
        let written = Url::parse(&origin)
            .map_err(|_| wrong("its host is neither a name nor an IP address"))?
            .origin()
            .ascii_serialization();
        if written != origin {
            return Err(written_otherwise(text, &written));
        }
        // The URL Standard allows more than any name on a network has.
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if !host.starts_with('[') && !host.chars().all(in_name) {
            return Err(wrong("its host has characters that no name has"));
        }
        Ok(Self(origin))
    }

    /// The URL a browser on this machine can use for a bound address.
    #[must_use]
    pub fn of_address(bound: SocketAddr) -> Self {
        Self(match reachable(bound) {
            address if address.port() == 80 => format!("http://{}", host_of(address.ip())),
            address => format!("http://{address}"),
        })
    }

    /// The URL, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers come over TLS, so that cookies can be `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Whether nobody but this machine can come to a server that listens there
    /// and is reached under this URL. Listening on loopback is not enough: behind
    /// a proxy on the same machine everybody comes over loopback.
    #[must_use]
    pub fn is_only_here(&self, bound: SocketAddr) -> bool {
        bound.ip().to_canonical().is_loopback() && self.is_loopback()
    }

    /// Whether only browsers on this machine can follow it.
    fn is_loopback(&self) -> bool {
        let url = Url::parse(&self.0);
        url.is_ok_and(|url| match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        })
    }

    /// Host and port, as a `Host` header has them.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }
}

fn written_otherwise(url: &str, written: &str) -> ConfigError {
    refused(url, format!("browsers write it as `{written}`"))
}

fn refused(url: &str, why: impl Into<Cow<'static, str>>) -> ConfigError {
    ConfigError::PublicUrl {
        url: url.to_owned(),
        why: why.into(),
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Where to connect to in order to reach what listens on `bound`: the loopback
/// address when it listens on all.
#[must_use]
pub fn reachable(bound: SocketAddr) -> SocketAddr {
    let ip = match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bound.port())
}

fn host_of(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// Where everything is kept: as said, or else in the user's data directory.
pub(crate) fn database_url(said: Option<&String>) -> Result<String, ConfigError> {
    match said {
        Some(url) => Ok(url.clone()),
        None => default_database(|name| env::var_os(name)),
    }
}

/// The file in the data directory of the user, as a database URL.
/// [XDG base directories](https://specifications.freedesktop.org/basedir-spec/latest/):
/// a relative `XDG_DATA_HOME` is to be ignored.
fn default_database(variable: impl Fn(&str) -> Option<OsString>) -> Result<String, ConfigError> {
    let absolute = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let data = absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .or_else(|| absolute("LOCALAPPDATA"))
        .ok_or(ConfigError::NoHome)?;
    let file = data.join("oidc-playground/playground.sqlite");
    // It becomes a URL, in which these three mean something.
    let path = file
        .display()
        .to_string()
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    Ok(format!("sqlite:{path}"))
}

/// `LEPTOS_SITE_ROOT` is what `cargo leptos` says; else the place it builds to,
/// when started in the checkout; else beside the program.
fn default_site_root() -> PathBuf {
    if let Some(root) = env::var_os("LEPTOS_SITE_ROOT") {
        return root.into();
    }
    let built = Path::new("target/site");
    let beside = env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.join("site")));
    match beside {
        Some(beside) if !built.is_dir() && beside.is_dir() => beside,
        _ => built.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_written_as_browsers_write_an_origin() {
        for (given, kept) in [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
            ("https://Play.Example", "https://play.example"),
            ("HTTPS://play.example:443/", "https://play.example"),
            ("http://play.example:80", "http://play.example"),
            ("http://play.example:443", "http://play.example:443"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://[2001:DB8::1]", "http://[2001:db8::1]"),
            ("http://my_machine", "http://my_machine"),
            (
                "https://xn--bcher-kva.example",
                "https://xn--bcher-kva.example",
            ),
        ] {
            assert_eq!(
                PublicUrl::parse(given).map(|url| url.0),
                Ok(kept.to_owned())
            );
        }
    }

    #[test]
    fn what_is_not_an_origin_is_refused_as_public_url() {
        for given in [
            "",
            "play.example",
            "play.example:3000",
            "/",
            "ftp://play.example",
            "http://",
            "http://:3000",
            "http://play.example:",
            "http://play.example:99999",
            "http://me@play.example",
            "http://play.example/here",
            "http://play.example?x=1",
            "http://play.example/#x",
            "http://play example",
            "http://play.example:0",
            "http://a;b",
            "http://a!b",
            "http://1.2.3.999",
            "http://[::g]",
        ] {
            let error = PublicUrl::parse(given).unwrap_err().to_string();
            assert!(error.ends_with('.') && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_public_url_that_browsers_write_otherwise_is_refused_with_their_spelling() {
        for (given, written) in [
            ("http://127.1", "http://127.0.0.1"),
            ("http://2130706433:3000/", "http://127.0.0.1:3000"),
            ("http://0x7f.1", "http://127.0.0.1"),
            ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
            ("http://[::ffff:127.0.0.1]:81", "http://[::ffff:7f00:1]:81"),
            ("https://%70lay.example", "https://play.example"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(
                PublicUrl::parse(given).unwrap_err().to_string(),
                format!(
                    "The public URL `{given}` cannot be used: browsers write it as `{written}`."
                )
            );
        }
    }

    #[test]
    fn only_what_leads_to_this_machine_is_loopback() {
        for (url, expected) in [
            ("http://127.0.0.1:3000", true),
            ("http://[::1]:3000", true),
            ("http://localhost:3000", true),
            ("https://play.example", false),
            ("http://192.0.2.1", false),
            ("http://127.0.0.1.example", false),
        ] {
            let url = PublicUrl::parse(url).unwrap();
            assert_eq!(url.is_loopback(), expected, "{url}");
        }
    }

    #[test]
    fn a_server_on_all_addresses_is_reached_over_loopback() {
        for (bound, url) in [
            ("0.0.0.0:3000", "http://127.0.0.1:3000"),
            ("[::]:3000", "http://[::1]:3000"),
            ("127.0.0.1:80", "http://127.0.0.1"),
            ("[::1]:80", "http://[::1]"),
            ("192.0.2.1:8080", "http://192.0.2.1:8080"),
        ] {
            assert_eq!(PublicUrl::of_address(bound.parse().unwrap()).as_str(), url);
        }
    }

    #[test]
    fn the_database_is_kept_in_the_data_directory_of_the_user() {
        let at = |xdg: &'static str, home: &'static str| {
            default_database(move |name| match name {
                "XDG_DATA_HOME" => Some(xdg.into()),
                "HOME" => Some(home.into()),
                _ => None,
            })
        };
        assert_eq!(
            at("/data", "/me").unwrap(),
            "sqlite:/data/oidc-playground/playground.sqlite"
        );
        assert_eq!(
            at("relative", "/me").unwrap(),
            "sqlite:/me/.local/share/oidc-playground/playground.sqlite"
        );
        assert_eq!(
            at("/odd?100%", "").unwrap(),
            "sqlite:/odd%3F100%25/oidc-playground/playground.sqlite"
        );
        assert_eq!(at("", ""), Err(ConfigError::NoHome));
    }
}
