//! The seam through which every request leaves.

use std::{future::Future, pin::Pin};

/// A future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and waits for the whole answer.
///
/// [`Guard`](crate::guard::Guard) does it over the network; tests answer from a
/// script or from a router in memory.
pub trait HttpClient: Send + Sync {
    /// Sends `request`. Redirects are not followed: an answer is an answer.
    fn send(
        &self,
        request: ::http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<::http::Response<Vec<u8>>, SendError>>;
}

/// No answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SendError {
    /// What kind of failure it was.
    pub kind: SendErrorKind,
    /// What happened, for a person to read.
    pub message: String,
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SendErrorKind {
    /// The guard does not let requests to this address out.
    Blocked,
    /// No connection could be made.
    Connect,
    /// The answer took too long.
    Timeout,
    /// The answer is longer than is read.
    TooLarge,
    /// Anything else, such as an answer that broke off.
    Other,
}

impl SendError {
    /// An error with its words.
    #[must_use]
    pub fn new(kind: SendErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }
}
