//! What is wrong with an answer.

/// Why something counts as an error. The text is printed and says nothing of
/// what was in the answer but its status and error code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Fails with the sentence unless the condition holds.
pub(crate) fn ensure(condition: bool, otherwise: &str) -> Result<(), Failure> {
    if condition {
        Ok(())
    } else {
        Err(Failure::new(otherwise))
    }
}
