//! Files with customers: read at the start, written by `export`, described by
//! `schema`.

use crate::{
    cli::{ExportOptions, FileFormat},
    config::{PublicUrl, database_url},
    serve::ServeError,
};
use axum::response::{IntoResponse, Response};
use http::header;
use provider::fixture::{self, Fixture, FixtureError, Format};
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};
use store::Store;
use thiserror::Error;

/// What is wrong with a fixture: one sentence for the person who started the
/// program.
#[derive(Debug, Error)]
pub enum FixtureFileError {
    /// Nothing tells how to read it.
    #[error("The fixture `{0}` cannot be used: its name ends neither with .json nor with .toml.")]
    Format(PathBuf),
    /// It cannot be read.
    #[error("The fixture `{path}` cannot be read: {error}.")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It says something that cannot be loaded.
    #[error("The fixture `{path}` cannot be used: {error}.")]
    Content {
        /// The file.
        path: PathBuf,
        /// What, and where in the file.
        error: FixtureError,
    },
    /// Another file says something of one of its customers.
    #[error("The fixture `{path}` cannot be used: the customer {id} is in `{other}`, too.")]
    Twice {
        /// The file.
        path: PathBuf,
        /// The customer.
        id: String,
        /// The other file.
        other: PathBuf,
    },
}

/// Reads files; a deployment's own addresses may be registered in them.
pub(crate) fn read(
    paths: &[PathBuf],
    public_url: &PublicUrl,
) -> Result<Vec<Fixture>, FixtureFileError> {
    let mut homes: HashMap<String, &PathBuf> = HashMap::new();
    let mut fixtures = Vec::with_capacity(paths.len());
    for path in paths {
        let fixture = read_one(path, public_url)?;
        for customer in &fixture.customers {
            if let Some(other) = homes.insert(customer.id.clone(), path) {
                return Err(FixtureFileError::Twice {
                    path: path.clone(),
                    id: customer.id.clone(),
                    other: other.clone(),
                });
            }
        }
        fixtures.push(fixture);
    }
    Ok(fixtures)
}

fn read_one(path: &Path, public_url: &PublicUrl) -> Result<Fixture, FixtureFileError> {
    let format = match path.extension().and_then(|end| end.to_str()) {
        Some("json") => Format::Json,
        Some("toml") => Format::Toml,
        _ => return Err(FixtureFileError::Format(path.to_owned())),
    };
    let text = fs::read_to_string(path).map_err(|error| FixtureFileError::Read {
        path: path.to_owned(),
        error,
    })?;
    Fixture::parse(&text, format, public_url.as_str()).map_err(|error| FixtureFileError::Content {
        path: path.to_owned(),
        error,
    })
}

/// What `export` prints.
///
/// # Errors
/// When there is no such customer, or the database cannot be read.
pub async fn export(options: &ExportOptions) -> Result<String, ServeError> {
    let url = database_url(options.database_url.as_ref())?;
    let store = Store::open_existing(&url)
        .await
        .map_err(ServeError::database)?;
    let customer = &options.customer;
    let found = fixture::export(&store, customer).await;
    store.close().await;
    let fixture = found.map_err(ServeError::database)?.ok_or_else(|| {
        ServeError::Export(format!("the database {url} has no customer `{customer}`"))
    })?;
    let format = match options.format {
        FileFormat::Json => Format::Json,
        FileFormat::Toml => Format::Toml,
    };
    fixture
        .print(format)
        .map_err(|error| ServeError::Export(error.to_string()))
}

/// The JSON Schema of the files, as a text.
#[must_use]
pub fn schema_text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        // Nothing in it can fail to be written as JSON.
        let text = serde_json::to_string_pretty(&fixture::schema()).unwrap_or_default();
        text + "\n"
    });
    &TEXT
}

/// The same under an address, for editors.
pub(crate) async fn schema() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/schema+json"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, schema_text()).into_response()
}
