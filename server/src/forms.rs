//! Where the forms of the pages are sent. Every one works without scripts:
//! take the input apart, call one function, redirect.

pub(crate) mod callback;
pub(crate) mod console;
pub(crate) mod draft;
pub(crate) mod policies;
pub(crate) mod run;
pub(crate) mod sandbox;
pub(crate) mod theme;

use crate::problem::Explained;
use app::problem::Problem;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, header::SET_COOKIE};
use playground::Begun;

/// Decoded names and values, in the order they were sent.
type Pairs = Vec<(String, String)>;

/// What a form is answered with: a redirect, or a page that explains.
type Answer = Result<Response, Explained>;

/// The first value of a field; an empty one counts as not sent.
fn value<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find_map(|(own, value)| (own == name && !value.is_empty()).then_some(value.as_str()))
}

/// Sends the browser to the authorization endpoint.
fn leave(begun: Begun) -> Answer {
    let mut response = see_other(&begun.location)?;
    for cookie in begun.set_cookies {
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Problem::internal())?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// 303, so that a reload does not repeat the form.
fn see_other(location: &str) -> Answer {
    // `Redirect` panics about a location that cannot be in a header.
    if HeaderValue::from_str(location).is_err() {
        return Err(Problem::internal().into());
    }
    Ok(Redirect::to(location).into_response())
}
