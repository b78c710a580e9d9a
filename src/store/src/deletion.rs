//! What became of a wish to delete.

/// What became of a wish to delete something that others may depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is gone.
    Done,
    /// It was not there.
    NotFound,
    /// It stays: these clients, by id, use it.
    InUse(Vec<String>),
}
