//! Parameters of a request, whether form or multipart.

use crate::provider::MAX_BODY;
use axum::{
    body::Bytes,
    extract::{FromRequest as _, Multipart, Request},
    response::IntoResponse as _,
};
use http::{HeaderMap, StatusCode, header};

/// More fields than any request needs.
pub(crate) const MAX_FIELDS: usize = 100;

/// Decoded parameters, each of them once.
#[derive(Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

/// Why the parameters cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParametersError {
    #[error("The request body is larger than {MAX_BODY} bytes")]
    TooLarge,
    #[error("The request body has too many fields")]
    TooMany,
    #[error("The request body must be a form")]
    NotAForm,
    #[error("The request body could not be read")]
    Unreadable,
    /// [RFC 6749 section 3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)
    #[error("The parameter {0} is there more than once")]
    Repeated(String),
}

impl ParametersError {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn of_body(status: StatusCode) -> Self {
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else {
            Self::Unreadable
        }
    }
}

impl Parameters {
    /// The value; an empty one counts as absent.
    /// [RFC 6749 section 3.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Pairs of which none is there twice.
    pub(crate) fn once(pairs: Vec<(String, String)>) -> Result<Self, ParametersError> {
        if pairs.len() > MAX_FIELDS {
            return Err(ParametersError::TooMany);
        }
        for (index, (name, _)) in pairs.iter().enumerate() {
            if pairs[..index].iter().any(|(other, _)| other == name) {
                return Err(ParametersError::Repeated(name.clone()));
            }
        }
        Ok(Self(pairs))
    }

    /// Reads a query.
    pub(crate) fn query(query: Option<&str>) -> Result<Self, ParametersError> {
        Self::once(query_pairs(query))
    }

    /// Reads a form body.
    pub(crate) async fn form(request: Request) -> Result<Self, ParametersError> {
        Self::once(form_pairs(request).await?)
    }

    /// Reads a form or a multipart body: the documented samples use both.
    pub(crate) async fn form_or_multipart(request: Request) -> Result<Self, ParametersError> {
        if is(request.headers(), "multipart/form-data") {
            Self::once(multipart_pairs(request).await?)
        } else {
            Self::form(request).await
        }
    }
}

/// The decoded pairs of a query.
pub(crate) fn query_pairs(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}

/// The decoded pairs of a form body, repeated ones too.
pub(crate) async fn form_pairs(request: Request) -> Result<Vec<(String, String)>, ParametersError> {
    if !is(request.headers(), "application/x-www-form-urlencoded") {
        return Err(ParametersError::NotAForm);
    }
    let body = body(request).await?;
    Ok(form_urlencoded::parse(&body).into_owned().collect())
}

/// The whole body, if it is not too large.
pub(crate) async fn body(request: Request) -> Result<Bytes, ParametersError> {
    Bytes::from_request(request, &())
        .await
        .map_err(|rejection| ParametersError::of_body(rejection.into_response().status()))
}

async fn multipart_pairs(request: Request) -> Result<Vec<(String, String)>, ParametersError> {
    let mut fields = Multipart::from_request(request, &())
        .await
        .map_err(|_| ParametersError::NotAForm)?;
    let mut pairs = Vec::new();
    while let Some(field) = fields
        .next_field()
        .await
        .map_err(|error| ParametersError::of_body(error.status()))?
    {
        let name = field.name().unwrap_or_default().to_owned();
        // Not its `text`, which leaves out a byte order mark and believes in other
        // encodings: a form does neither.
        let value = field
            .bytes()
            .await
            .map_err(|error| ParametersError::of_body(error.status()))?;
        pairs.push((name, String::from_utf8_lossy(&value).into_owned()));
        if pairs.len() > MAX_FIELDS {
            return Err(ParametersError::TooMany);
        }
    }
    Ok(pairs)
}

/// Whether the body has this media type, whatever parameters follow it.
pub(crate) fn is(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|own| own.trim().eq_ignore_ascii_case(media_type))
}
