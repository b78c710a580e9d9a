//! Connections: how many there may be, and how long each may keep the server
//! waiting.
//!
//! HTTP/1.1 and 1.0 only: there is nothing here that HTTP/2 would make faster,
//! and what it lets a client do to a server (a stream opened and reset, ten
//! thousand times a second) stays outside. A request with both
//! `Transfer-Encoding` and `Content-Length` is read by the former and ends its
//! connection, so that what follows is never taken for another request.
//! [RFC 9112 section 6.1](https://www.rfc-editor.org/rfc/rfc9112#section-6.1)

mod places;
mod timely;

use crate::client::{FromHere, TrustedProxies, is_forwarded};
use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use places::{Place, Places};
use provider::ClientAddress;
use std::{
    future::Future,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    pin::pin,
    time::Duration,
};
use timely::Timely;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    time::sleep,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// The largest head of a request, in bytes. Long authorization requests fit; a
/// larger one is answered with 431, and so is one of more than 100 headers,
/// which is hyper's own limit.
const MAX_HEAD: usize = 32 * 1024;

/// How long to wait when no connection can be taken, because there are too many
/// open files.
const BREATH: Duration = Duration::from_secs(1);

/// How many connections may wait to be taken: what comes while everybody is busy
/// for a moment. Whom there is no room for tries again after a second.
const WAITING: u32 = 4096;

/// Listens at an address.
///
/// # Errors
/// When it cannot be listened on.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // So that nobody has to wait after a restart. On Windows it would mean that
    // another program may listen, too.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// What a connection may do.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How long the head of a request may take, from the beginning of the
    /// connection or from the answer before. So it is also how long a connection
    /// may idle: a slow client costs as much as a silent one.
    pub head: Duration,
    /// How long the rest of a body may take, from when it is first waited for.
    pub body: Duration,
    /// How long a client may let an answer lie without taking more of it.
    pub answer: Duration,
    /// How many connections there may be. Further ones wait until one ends.
    pub at_once: usize,
    /// How many of them one address may have, unless it is a trusted proxy.
    /// Further ones are closed.
    pub per_address: usize,
    /// Who may speak for somebody else.
    pub trusted_proxies: TrustedProxies,
}

impl Default for Terms {
    /// As long as widespread servers wait: proxies keep connections to reuse
    /// them, for a minute by default, and must not find them closed before.
    fn default() -> Self {
        Self {
            head: Duration::from_secs(75),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(30),
            at_once: 1024,
            per_address: usize::MAX,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}

/// Serves until told to stop, then lets requests in flight finish for as long
/// as `last_call`; `false` when some did not.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    terms: Terms,
    stop: impl Future<Output = ()>,
    last_call: Duration,
) -> bool {
    let places = Places::new(terms.at_once, terms.per_address);
    let connections = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            taken = take(&listener, &places, &terms.trusted_proxies) => taken,
            () = &mut stop => break,
        };
        let connection = connect(stream, &place, router.clone(), &terms);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // Whatever went wrong, it was the client or the network.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    tracing::info!("stopping: no new connections, requests in flight may finish");
    tokio::select! {
        () = connections.shutdown() => true,
        () = sleep(last_call) => false,
    }
}

/// The next connection there is a place for.
async fn take(
    listener: &TcpListener,
    places: &Places,
    trusted_proxies: &TrustedProxies,
) -> (TcpStream, Place) {
    loop {
        let room = places.room().await;
        match listener.accept().await {
            Ok((stream, peer)) => {
                let peer = peer.ip().to_canonical();
                if let Some(place) = room.take(peer, trusted_proxies.trusts(peer)) {
                    return (stream, place);
                }
                tracing::debug!("closed a connection: its address has too many");
            }
            // It ended before it began.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted
                        | ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionReset
                        | ErrorKind::Interrupted
                ) => {}
            Err(error) => {
                tracing::error!(%error, "cannot take connections");
                sleep(BREATH).await;
            }
        }
    }
}

/// Puts the router behind a connection.
fn connect(
    stream: TcpStream,
    place: &Place,
    router: Router,
    terms: &Terms,
) -> impl hyper_util::server::graceful::GracefulConnection<Output = hyper::Result<()>> + use<> {
    // Answers are written at once, so that there is nothing to wait for.
    let _ = stream.set_nodelay(true);
    let origin = Origin {
        peer: place.peer(),
        here: stream
            .local_addr()
            .ok()
            .map(|address| address.ip().to_canonical()),
        trusted_proxies: terms.trusted_proxies.clone(),
    };
    let body = terms.body;
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|incoming| Body::new(Timely::new(incoming, body)));
        origin.tell(&mut request);
        router.clone().oneshot(request)
    });
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(terms.answer));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(terms.head)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

/// Where the requests of a connection come from.
#[derive(Clone)]
struct Origin {
    peer: IpAddr,
    here: Option<IpAddr>,
    trusted_proxies: TrustedProxies,
}

impl Origin {
    /// Tells the router.
    fn tell(&self, request: &mut Request<Body>) {
        let client = self.trusted_proxies.client(self.peer, request.headers());
        let ClientAddress(address) = client;
        let is_here = address.is_loopback() || Some(address) == self.here;
        if is_here && !is_forwarded(request.headers()) {
            request.extensions_mut().insert(FromHere);
        }
        request.extensions_mut().insert(client);
    }
}
