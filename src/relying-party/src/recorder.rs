//! The transcript.

use crate::http::{BoxFuture, HttpClient, SendError};
use ::http::{HeaderMap, HeaderValue, Request, Response, header};
use oidc::exchange::{CapturedRequest, CapturedResponse, HttpExchange, RecordedExchange, Step};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

/// How we introduce ourselves to providers.
const USER_AGENT: &str = concat!("oidc-playground/", env!("CARGO_PKG_VERSION"));

/// Writes down what passes through an [`HttpClient`].
pub struct Recorder {
    http: Arc<dyn HttpClient>,
    exchanges: Mutex<Vec<RecordedExchange>>,
}

impl Recorder {
    /// An empty transcript over `http`.
    #[must_use]
    pub fn new(http: Arc<dyn HttpClient>) -> Self {
        Self {
            http,
            exchanges: Mutex::default(),
        }
    }

    /// The client to use for one step: what passes through it is recorded under
    /// that step's name.
    #[must_use]
    pub const fn at(&self, step: Step) -> Leg<'_> {
        Leg {
            recorder: self,
            step,
        }
    }

    /// What was recorded so far, in order.
    #[must_use]
    pub fn exchanges(&self) -> Vec<RecordedExchange> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The answer that came last.
    pub(crate) fn last_response(&self) -> Option<CapturedResponse> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .last()
            .and_then(|recorded| recorded.exchange.response.clone())
    }

    /// Sends a request and records it with what came of it.
    async fn send(
        &self,
        step: Step,
        mut request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, SendError> {
        complete_headers(&mut request);
        let captured = CapturedRequest {
            method: request.method().as_str().to_owned(),
            url: request.uri().to_string(),
            headers: captured_headers(request.headers()),
            body: text(request.body()),
        };
        let begun = Instant::now();
        let answer = self.http.send(request).await;
        let elapsed = begun.elapsed();
        let (response, failure) = match &answer {
            Ok(response) => {
                let captured = CapturedResponse {
                    status: response.status().as_u16(),
                    headers: captured_headers(response.headers()),
                    body: text(response.body()),
                };
                (Some(captured), None)
            }
            Err(error) => (None, Some(error.to_string())),
        };
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(RecordedExchange {
                step,
                exchange: HttpExchange {
                    request: captured,
                    response,
                    failure,
                    elapsed_micros: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
                },
            });
        answer
    }
}

/// One step's way through a [`Recorder`].
#[derive(Clone, Copy)]
pub struct Leg<'r> {
    recorder: &'r Recorder,
    step: Step,
}

impl Leg<'_> {
    /// Sends a request under this step's name.
    ///
    /// # Errors
    /// When no answer came. The attempt is recorded all the same.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, SendError> {
        self.recorder.send(self.step, request).await
    }
}

impl<'c> oauth2::AsyncHttpClient<'c> for Leg<'_> {
    type Error = SendError;
    type Future = BoxFuture<'c, Result<Response<Vec<u8>>, SendError>>;

    fn call(&'c self, request: Request<Vec<u8>>) -> Self::Future {
        Box::pin(self.recorder.send(self.step, request))
    }
}

/// Adds what the connection would add by itself, so that the transcript shows
/// the request as it is sent.
fn complete_headers(request: &mut Request<Vec<u8>>) {
    let host = request
        .uri()
        .authority()
        .and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let length = request.body().len();
    let headers = request.headers_mut();
    if let Some(host) = host {
        headers.entry(header::HOST).or_insert(host);
    }
    headers
        .entry(header::USER_AGENT)
        .or_insert(HeaderValue::from_static(USER_AGENT));
    headers
        .entry(header::ACCEPT)
        .or_insert(HeaderValue::from_static("application/json"));
    if length > 0 {
        headers
            .entry(header::CONTENT_LENGTH)
            .or_insert(HeaderValue::from(length));
    }
}

fn captured_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
