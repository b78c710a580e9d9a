//! Connections, by the byte.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    routing::{any, get},
};
use http_body::Frame;
use provider::ClientAddress;
use server::{
    client::TrustedProxies,
    connections::{self, Terms},
};
use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

/// So that a hanging server fails the test instead of stopping it.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a server waits for that must soon wait no longer.
const SHORT: Duration = Duration::from_millis(100);
const GET: &str = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server on a socket, with a router that tells what it got.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<bool>,
}

impl Server {
    fn start(terms: Terms) -> Self {
        Self::with(echo(), terms)
    }

    fn with(router: Router, terms: Terms) -> Self {
        let listener = connections::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let ended = tokio::spawn(connections::serve(listener, router, terms, stopped, SHORT));
        Self {
            address,
            stop,
            ended,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes and reads until the server closes.
    async fn exchange(&self, sent: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // It may have closed before everything was sent.
        let _ = stream.write_all(sent.as_ref()).await;
        rest(&mut stream).await
    }

    /// Whether it says so that all requests have been finished.
    async fn stop(self) -> bool {
        let _ = self.stop.send(());
        timeout(PATIENCE, self.ended).await.unwrap().unwrap()
    }
}

fn echo() -> Router {
    Router::new()
        .route(
            "/echo",
            any(async |request: Request| {
                let address = request.extensions().get::<ClientAddress>().unwrap().0;
                let body = axum::body::to_bytes(request.into_body(), 1024).await;
                match body {
                    Ok(body) => format!("{address} {}", String::from_utf8_lossy(&body)),
                    Err(error) => format!("{address} failed: {error}"),
                }
            }),
        )
        .route("/smuggled", get("SMUGGLED"))
}

/// What comes until the server closes; a reset is an end too.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("the server closes the connection");
    String::from_utf8(all).unwrap()
}

/// Sends a request and reads its answer, and leaves the connection open.
async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = timeout(PATIENCE, stream.read(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer[..length.unwrap()]).into_owned()
}

#[tokio::test]
async fn a_head_that_trickles_is_not_waited_for() {
    let server = Server::start(Terms {
        head: SHORT,
        ..Terms::default()
    });
    let stream = server.connect().await;
    let (mut reading, mut writing) = stream.into_split();
    let trickle = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(SHORT / 10);
        let bytes = b"GET / HTTP/1.1\r\nX: ".iter().chain([b'x'].iter().cycle());
        for byte in bytes {
            ticks.tick().await;
            if writing.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    });
    let mut all = Vec::new();
    let _ = timeout(PATIENCE, reading.read_to_end(&mut all))
        .await
        .unwrap();
    assert_eq!(all, b"");
    timeout(PATIENCE, trickle).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_may_not_idle_for_ever() {
    let server = Server::start(Terms {
        head: SHORT,
        ..Terms::default()
    });
    let mut silent = server.connect().await;
    assert_eq!(rest(&mut silent).await, "");
    let mut kept = server.connect().await;
    assert!(ask(&mut kept, GET).await.ends_with("127.0.0.1 "));
    assert_eq!(rest(&mut kept).await, "");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start(Terms {
        body: SHORT,
        ..Terms::default()
    });
    for request in [
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ] {
        let answer = server.exchange(request).await;
        assert!(answer.ends_with("the body took too long"), "{answer}");
    }
    // One that comes at once is not affected.
    let answer = server
        .exchange("POST /echo HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc")
        .await;
    assert!(answer.ends_with("127.0.0.1 abc"), "{answer}");
}

/// A body without an end, which tells when it is dropped.
struct Endless(mpsc::Sender<()>);

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 8192])))))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        let _ = self.0.try_send(());
    }
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_not_kept() {
    let (dropped, mut told) = mpsc::channel(1);
    let endless = get(async move || Body::new(Endless(dropped.clone())));
    let server = Server::with(
        Router::new().route("/", endless),
        Terms {
            answer: SHORT,
            ..Terms::default()
        },
    );
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_beyond_the_last_place_waits_for_one() {
    let server = Server::start(Terms {
        at_once: 2,
        ..Terms::default()
    });
    let mut first = server.connect().await;
    let mut second = server.connect().await;
    ask(&mut first, GET).await;
    ask(&mut second, GET).await;
    // The system takes it; the server does not.
    let mut third = server.connect().await;
    third.write_all(GET.as_bytes()).await.unwrap();
    ask(&mut first, GET).await;
    let mut answer = [0; 12];
    let nothing = third.try_read(&mut answer).unwrap_err();
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
    drop(first);
    timeout(PATIENCE, third.read_exact(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn an_address_has_its_share_of_connections_and_a_proxy_all() {
    let terms = Terms {
        per_address: 1,
        ..Terms::default()
    };
    let server = Server::start(terms.clone());
    let mut first = server.connect().await;
    ask(&mut first, GET).await;
    assert_eq!(server.exchange(GET).await, "");
    assert!(ask(&mut first, GET).await.starts_with("HTTP/1.1 200"));

    let server = Server::start(Terms {
        trusted_proxies: TrustedProxies::new(&["127.0.0.1/32".parse().unwrap()]),
        ..terms
    });
    let mut first = server.connect().await;
    let mut second = server.connect().await;
    for stream in [&mut first, &mut second] {
        assert!(ask(stream, GET).await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn a_head_beyond_any_use_is_answered_with_431() {
    let server = Server::start(Terms::default());
    let head = |lines: String| format!("GET /echo HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
    let fits = head(format!(
        "X: {}\r\nConnection: close\r\n",
        "x".repeat(30_000)
    ));
    assert!(server.exchange(fits).await.starts_with("HTTP/1.1 200"));
    let many = "X: 1\r\n".repeat(100);
    for (what, request) in [
        ("one header", head(format!("X: {}\r\n", "x".repeat(33_000)))),
        ("many headers", head(many)),
        (
            "a path",
            format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(33_000)),
        ),
    ] {
        let answer = server.exchange(request).await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{what}: {answer}");
    }
    // What is longer than the server reads may be cut off while it is sent.
    for length in [65_536, 1_000_000] {
        for request in [
            head(format!("X: {}\r\n", "x".repeat(length))),
            head("X: x\r\n".repeat(length / 6)),
            "x".repeat(length),
        ] {
            let answer = server.exchange(request).await;
            assert!(
                ["", "HTTP/1.1 431", "HTTP/1.1 400"]
                    .contains(&answer.get(..12).unwrap_or_default()),
                "{answer}"
            );
        }
    }
    let mut stream = server.connect().await;
    assert!(ask(&mut stream, GET).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_body_of_two_lengths_is_no_way_to_smuggle() {
    let server = Server::start(Terms::default());
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for lines in [
        "Content-Length: 5\r\nContent-Length: 50",
        "Content-Length: 5, 5",
        "Content-Length: +5",
        "Content-Length: -1",
        "Content-Length: 0x5",
        "Content-Length: 99999999999999999999999",
        "Content-Length : 5",
        "Content-Length: 5\r\n Content-Length: 50",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
    ] {
        let request =
            format!("POST /echo HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n0\r\n\r\n{smuggled}");
        let answer = server.exchange(request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{lines}: {answer}");
        assert!(!answer.contains("SMUGGLED"), "{lines}: {answer}");
    }
    // Read by the chunks, and then it is over.
    for lines in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 50",
    ] {
        let request = format!(
            "POST /echo HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\n3\r\nabc\r\n0\r\n\r\n{smuggled}"
        );
        let answer = server.exchange(request).await;
        assert!(answer.ends_with("127.0.0.1 abc"), "{lines}: {answer}");
        assert!(answer.contains("connection: close"), "{lines}: {answer}");
    }
    // Broken chunks reach the handler as an error, not as a shorter body.
    let request = format!(
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n{smuggled}"
    );
    let answer = server.exchange(request).await;
    assert!(answer.contains("failed:"), "{answer}");
    assert!(!answer.contains("SMUGGLED"), "{answer}");
}

#[tokio::test]
async fn http_2_is_not_spoken() {
    let server = Server::start(Terms::default());
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    let answer = server.exchange(preface).await;
    assert!(!answer.contains("200"), "{answer}");
    // Asking for it in HTTP/1.1 is passed over, as it may be.
    // RFC 9110 section 7.8
    let request =
        "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n";
    let answer = server.exchange(request).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn only_a_trusted_proxy_says_where_a_request_comes_from() {
    let request = "GET /echo HTTP/1.0\r\nX-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n\r\n";
    let server = Server::start(Terms::default());
    let answer = server.exchange(request).await;
    assert!(answer.ends_with("\r\n\r\n127.0.0.1 "), "{answer}");
    let server = Server::start(Terms {
        trusted_proxies: TrustedProxies::new(&["127.0.0.0/8".parse().unwrap()]),
        ..Terms::default()
    });
    let answer = server.exchange(request).await;
    assert!(answer.ends_with("\r\n\r\n192.0.2.7 "), "{answer}");
}

#[tokio::test]
async fn many_idle_connections_keep_nobody_out() {
    let server = Server::start(Terms::default());
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(server.connect().await);
    }
    let mut stream = server.connect().await;
    assert!(ask(&mut stream, GET).await.starts_with("HTTP/1.1 200"));
    for stream in &mut idle {
        assert!(ask(stream, GET).await.starts_with("HTTP/1.1 200"));
    }
    // Nothing is in flight, so that nothing is waited for.
    assert!(server.stop().await);
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_stop_the_server_from_stopping() {
    let (begun, mut told) = mpsc::channel(1);
    let never = get(async move || {
        let _ = begun.send(()).await;
        std::future::pending::<()>().await;
    });
    let server = Server::with(Router::new().route("/", never), Terms::default());
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
    assert!(!server.stop().await);
}
