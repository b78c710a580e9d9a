//! The sandbox as a whole: starting afresh, taking it away, filling it.

use super::{Answer, Pairs, see_other, value};
use crate::{problem::Again, state::AppState};
use app::{
    problem::{NextStep, Problem},
    submitted::{FieldProblem, Submitted},
};
use axum::{
    Extension,
    extract::{Multipart, State, multipart::MultipartError},
    response::IntoResponse as _,
};
use http::{StatusCode, header};
use playground::ImportError;
use provider::{fixture::Format, sandbox::SandboxKey};

const PAGE: &str = "/sandbox";

/// Puts the visitor's sandbox back to how it was at first.
pub(crate) async fn reset(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
) -> Answer {
    state
        .context
        .playground
        .reset(&key)
        .await
        .map_err(|error| {
            tracing::error!(%error, "could not reset a sandbox");
            Problem::internal()
        })?;
    see_other("/?reset=done")
}

/// The sandbox as a fixture file in TOML.
pub(crate) async fn export_toml(state: State<AppState>, key: Extension<SandboxKey>) -> Answer {
    export(state, key, Format::Toml).await
}

/// The same in JSON.
pub(crate) async fn export_json(state: State<AppState>, key: Extension<SandboxKey>) -> Answer {
    export(state, key, Format::Json).await
}

async fn export(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    format: Format,
) -> Answer {
    let (kind, file) = match format {
        Format::Toml => ("application/toml", "sandbox.toml"),
        Format::Json => ("application/json", "sandbox.json"),
    };
    let text = state.context.playground.export(&key, format).await;
    let text = text.map_err(Problem::from)?.map_err(|error| {
        Problem::new(
            422,
            "export-not-toml",
            "TOML cannot say all of this sandbox",
            &format!("{error}."),
        )
        .first_step(NextStep::new("Download as JSON", "/sandbox/export.json"))
    })?;
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}\""),
        ),
        // It holds secrets.
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// Fills the sandbox from a file. One that cannot be used comes back in the
/// form as text, with what is wrong with it.
pub(crate) async fn import(
    State(state): State<AppState>,
    Extension(key): Extension<SandboxKey>,
    form: Multipart,
) -> Answer {
    let fields = read(form).await.map_err(|error| unreadable(&error))?;
    let text = value(&fields, "text").unwrap_or_default();
    let playground = &state.context.playground;
    let imported = playground.import(&key, text, value(&fields, "customer"));
    let problem = match imported.await {
        Ok(_) => return see_other("/sandbox?imported=done"),
        Err(ImportError::Internal(error)) => return Err(Problem::from(error).into()),
        Err(ImportError::File(error)) if text.is_empty() => {
            tracing::debug!(%error, "nothing to import");
            FieldProblem::new("text", "Choose a file or paste its text.")
        }
        Err(error @ ImportError::Which { .. }) => {
            FieldProblem::new("customer", format!("{}.", capitalised(&error.to_string())))
        }
        Err(error) => FieldProblem::new("text", format!("{}.", capitalised(&error.to_string()))),
    };
    Ok(Again(Submitted::refused(PAGE, 422, fields, vec![problem])).into_response())
}

/// The fields of the form. The file, if there is one, counts as the text.
async fn read(mut form: Multipart) -> Result<Pairs, MultipartError> {
    let mut pairs = Pairs::new();
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let text = field.text().await?;
        match name.as_str() {
            "file" if !text.trim().is_empty() => pairs.insert(0, ("text".to_owned(), text)),
            "file" => {}
            _ => pairs.push((name, text)),
        }
    }
    Ok(pairs)
}

fn unreadable(error: &MultipartError) -> Problem {
    // The body broke off: at our limit, or with a browser that is gone and does
    // not read the answer.
    let status = match error.status() {
        status if status.is_server_error() => StatusCode::PAYLOAD_TOO_LARGE,
        status => status,
    };
    Problem::new(
        status.as_u16(),
        "import-unreadable",
        "The file could not be read",
        "It is larger than 250 kB, is not text, or was cut off on its way. Nothing was changed.",
    )
    .first_step(NextStep::new("Back to the sandbox", PAGE))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
