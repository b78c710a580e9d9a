//! Whether the server can do its work, for whoever watches over it.

use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use serde_json::json;
use store::Store;

/// `{"status":"ok"}`, or 503 when the database does not answer.
pub(crate) async fn get(State(store): State<Store>) -> impl IntoResponse {
    match store.ping().await {
        Ok(()) => (StatusCode::OK, Json(json!({ "status": "ok" }))),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                Json(json!({ "status": "database unavailable" })),
            )
        }
    }
}
