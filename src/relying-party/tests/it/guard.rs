use axum::{Router, http::HeaderMap, http::StatusCode, response::Redirect, routing::get};
use http::Request;
use relying_party::{
    guard::Guard,
    http::{HttpClient as _, SendErrorKind},
};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Listens on a free port of this machine and answers as a provider would.
async fn listen() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route(
            "/host",
            get(|headers: HeaderMap| async move { headers["host"].to_str().unwrap().to_owned() }),
        )
        .route("/away", get(|| async { Redirect::to("/host") }))
        .route("/huge", get(|| async { "x".repeat(1_000_001) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn ask(address: &str) -> Request<Vec<u8>> {
    Request::get(address).body(Vec::new()).unwrap()
}

#[tokio::test]
async fn the_public_origin_is_called_on_the_own_listener() {
    let guard = Guard::bundled("https://playground.example", listen().await).unwrap();
    let answer = guard.send(ask("https://playground.example/host")).await;
    assert_eq!(answer.unwrap().body(), b"playground.example");
}

#[tokio::test]
async fn redirects_are_answers() {
    let guard = Guard::bundled("http://playground.example", listen().await).unwrap();
    let answer = guard.send(ask("http://playground.example/away")).await;
    assert_eq!(answer.unwrap().status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let guard = Guard::bundled("http://playground.example", listen().await).unwrap();
    let error = guard.send(ask("http://playground.example/huge")).await;
    assert_eq!(error.unwrap_err().kind, SendErrorKind::TooLarge);
}

#[tokio::test]
async fn a_closed_port_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let guard = Guard::bundled("http://playground.example", address).unwrap();
    let error = guard.send(ask("http://playground.example/")).await;
    assert_eq!(error.unwrap_err().kind, SendErrorKind::Connect);
}
