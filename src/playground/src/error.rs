//! What goes wrong outside of any run.

use provider::ProviderError;
use store::StoreError;

/// Something failed that is no answer to anything a visitor did. The log gets
/// the details, the visitor an apology.
#[derive(Debug, thiserror::Error)]
pub enum PlaygroundError {
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// The provider's own functions failed.
    #[error("the provider failed: {0}")]
    Provider(#[from] ProviderError),
    /// A kept run cannot be written or read.
    #[error("a run cannot be kept or read: {0}")]
    Json(#[from] serde_json::Error),
    /// A kept thing refers to another that is not there.
    #[error("{0} is missing")]
    Missing(&'static str),
}
