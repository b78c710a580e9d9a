//! The only place that opens sockets.
//!
//! In this stage the one provider there is is the bundled one, which this
//! process serves itself: the guard lets requests to its public origin out and
//! nothing else, and sends them straight to the own listener over plain HTTP.
//! So TLS, which a proxy in front may add, is not spoken here, and `reqwest` is
//! built without it.

use crate::http::{BoxFuture, HttpClient, SendError, SendErrorKind};
use ::http::{Request, Response, Uri, header};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a whole exchange may take.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(8);
/// How many bytes of a body are read.
const MAX_BODY: usize = 1_000_000;

/// Lets requests out over the network, to one place only.
///
/// No redirects are followed and no proxy of the environment is used.
pub struct Guard {
    http: reqwest::Client,
    origin: Origin,
    connect_to: SocketAddr,
}

/// The guard cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The public origin is not `http(s)://host[:port]`.
    #[error("{0:?} is not an address such as https://playground.example")]
    Origin(String),
    /// The HTTP library refused its settings.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(#[source] reqwest::Error),
}

impl Guard {
    /// A guard that lets out requests to `public_origin` alone. They go to
    /// `connect_to`, over plain HTTP and with the `Host` of the public origin.
    ///
    /// # Errors
    /// When `public_origin` is no origin, or the HTTP library cannot start.
    pub fn bundled(public_origin: &str, connect_to: SocketAddr) -> Result<Self, GuardError> {
        let bad_origin = || GuardError::Origin(public_origin.to_owned());
        let uri: Uri = public_origin.parse().map_err(|_| bad_origin())?;
        let origin = Origin::of(&uri).ok_or_else(bad_origin)?;
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .build()
            .map_err(GuardError::Client)?;
        Ok(Self {
            http,
            origin,
            connect_to: reachable(connect_to),
        })
    }

    async fn fetch(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, SendError> {
        let (parts, body) = request.into_parts();
        if Origin::of(&parts.uri).as_ref() != Some(&self.origin) {
            return Err(SendError::new(
                SendErrorKind::Blocked,
                "the playground only calls its own provider",
            ));
        }
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = parts.headers;
        if let Some(authority) = parts.uri.authority()
            && let Ok(host) = authority.as_str().parse()
        {
            headers.insert(header::HOST, host);
        }
        let mut answer = self
            .http
            .request(parts.method, format!("http://{}{path}", self.connect_to))
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| explain(&error))?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| explain(&error))? {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(SendError::new(
                    SendErrorKind::TooLarge,
                    format!("the answer is longer than {MAX_BODY} bytes"),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl HttpClient for Guard {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, SendError>> {
        Box::pin(self.fetch(request))
    }
}

/// A scheme, a host and a port, compared as
/// [RFC 6454 section 5](https://www.rfc-editor.org/rfc/rfc6454#section-5) says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an address; `None` when it is not http(s), or carries
    /// a user name, behind which another host could hide.
    fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let authority = uri.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host().to_ascii_lowercase();
        let port = authority.port_u16().unwrap_or(default_port);
        (!host.is_empty()).then_some(Self { scheme, host, port })
    }
}

/// A listener on every address is reached over loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn explain(error: &reqwest::Error) -> SendError {
    if error.is_timeout() {
        SendError::new(
            SendErrorKind::Timeout,
            format!("no whole answer within {} s", TOTAL_TIMEOUT.as_secs()),
        )
    } else if error.is_connect() {
        SendError::new(SendErrorKind::Connect, "no connection could be made")
    } else if error.is_body() || error.is_decode() {
        SendError::new(SendErrorKind::Other, "the answer broke off")
    } else {
        SendError::new(SendErrorKind::Other, "the exchange failed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(address: &str) -> Option<Origin> {
        Origin::of(&address.parse().unwrap())
    }

    #[test]
    fn origins_are_compared_without_case_and_with_default_ports() {
        assert_eq!(origin("http://A.example/x"), origin("http://a.example:80"));
        assert_eq!(
            origin("https://a.example"),
            origin("https://a.example:443/")
        );
        assert_ne!(origin("http://a.example"), origin("https://a.example"));
        assert_ne!(origin("http://a.example:1"), origin("http://a.example:2"));
    }

    #[test]
    fn a_user_name_in_an_address_is_no_origin() {
        assert_eq!(origin("http://a.example@b.example/"), None);
    }

    #[test]
    fn a_listener_on_every_address_is_reached_over_loopback() {
        assert_eq!(
            reachable("0.0.0.0:3000".parse().unwrap()),
            "127.0.0.1:3000".parse().unwrap()
        );
        assert_eq!(
            reachable("[::]:3000".parse().unwrap()),
            "[::1]:3000".parse().unwrap()
        );
    }

    #[test]
    fn an_origin_that_is_none_is_refused() {
        let somewhere = "127.0.0.1:1".parse().unwrap();
        for bad in ["", "playground", "ftp://a.example", "https://u@a.example"] {
            assert!(Guard::bundled(bad, somewhere).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn requests_to_anyone_else_do_not_leave() {
        let guard = Guard::bundled("http://a.example", "127.0.0.1:1".parse().unwrap()).unwrap();
        for foreign in [
            "http://169.254.169.254/latest",
            "https://a.example/",
            "http://a.example:8080/",
            "http://a.example@b.example/",
            "/path-only",
        ] {
            let request = Request::get(foreign).body(Vec::new()).unwrap();
            let error = guard.send(request).await.unwrap_err();
            assert_eq!(error.kind, SendErrorKind::Blocked, "{foreign}");
        }
    }
}
