//! Loads the lab and its tokens.

use crate::{
    problem::{NextStep, Problem},
    ssr,
};
use diagnosis::admin::{AdminToken, TokenState};
use playground::{AdminTokenError, AdminTokenView, Kept, LabView};

/// A token that was asked for, and what has become of it.
pub type Asked = (Kept<AdminToken>, TokenState);

/// The visitor's lab, and the tokens asked for so far.
///
/// # Errors
/// When the store fails.
pub async fn load_lab() -> Result<(LabView, Vec<Asked>), Problem> {
    let (context, key) = ssr::visitor()?;
    let lab = context.playground.admin_token_lab(&key).await?;
    Ok((lab, context.playground.admin_tokens(&key).await?))
}

/// A token the visitor asked for.
///
/// # Errors
/// When there is none of this id, or the store fails.
pub async fn load_token(id: String) -> Result<AdminTokenView, Problem> {
    let (context, key) = ssr::visitor()?;
    match context.playground.admin_token(&key, &id).await {
        Ok(view) => Ok(view),
        Err(AdminTokenError::Internal(error)) => Err(error.into()),
        Err(_) => Err(unknown_token()),
    }
}

/// The visitor asked for no token of this id.
#[must_use]
pub fn unknown_token() -> Problem {
    Problem::new(
        404,
        "admin-token-unknown",
        "There is no such token here",
        "A token can be looked at only by the browser that asked for it, and for 24 hours, because it is a secret. This one is not among yours: it was asked for elsewhere, it was removed with a reset, its day is over, or the address is mistyped.",
    )
    .first_step(NextStep::new("Ask for a token", "/admin-tokens"))
}
