//! An HTTP exchange as it went over the wire, secrets masked.

use super::copy::CopyButton;
use leptos::prelude::*;
use oidc::exchange::{
    CapturedRequest, CapturedResponse, HttpExchange, MASK, Piece, RecordedExchange, body_pieces,
    header_pieces, url_pieces,
};

/// One exchange, folded to a line that opens.
#[component]
pub fn Exchange(recorded: RecordedExchange, id: String, reveal: bool) -> impl IntoView {
    let RecordedExchange { step, exchange } = recorded;
    let HttpExchange {
        request,
        response,
        failure,
        elapsed_micros,
    } = exchange;
    let path = path_of(&request.url);
    let by_browser = response.is_none() && failure.is_none();
    let status = match &response {
        Some(response) => response.status.to_string(),
        None if by_browser => "browser".to_owned(),
        None => "no answer".to_owned(),
    };
    let ok = response
        .as_ref()
        .is_none_or(|response| response.status < 400)
        && failure.is_none();
    let time = milliseconds(elapsed_micros);
    let curl = request.curl(reveal);
    let curl_id = format!("{id}-curl");
    view! {
        <details class="exchange" class:failed=!ok>
            <summary>
                <span class="step">{step.title()}</span>
                <code class="line"><b>{request.method.clone()}</b>" "{path}</code>
                <span class="status">{status}</span>
                <span class="time">{time}</span>
            </summary>
            <div class="message">
                <h3>"Request"</h3>
                <pre tabindex="0"><code>{request_text(&request, reveal)}</code></pre>
                {response
                    .map(|response| {
                        view! {
                            <h3>"Response"</h3>
                            <pre tabindex="0"><code>{response_text(&response, reveal)}</code></pre>
                        }
                    })}
                {failure.map(|failure| view! { <p class="failure">{failure}</p> })}
                {by_browser
                    .then(|| {
                        view! {
                            <p class="hint">
                                "Your browser carried this one. The server sees where it was sent and what came back with it, not the answer itself."
                            </p>
                        }
                    })}
                <details class="quiet">
                    <summary>"As curl"</summary>
                    <pre tabindex="0" id=curl_id.clone()><code>{curl}</code></pre>
                    <CopyButton target=curl_id label="Copy curl".to_owned()/>
                </details>
            </div>
        </details>
    }
}

/// The path and nothing that may hold a secret, with ids cut short.
fn path_of(url: &str) -> String {
    let without_query = url.split(['?', '#']).next().unwrap_or(url);
    let path = without_query
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or(without_query, |(_, path)| path);
    let segments: Vec<String> = path.split('/').map(shortened).collect();
    format!("/{}", segments.join("/"))
}

/// A UUID by its first eight digits.
fn shortened(segment: &str) -> String {
    let is_uuid = segment.len() == 36
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if is_uuid {
        format!("{}…", &segment[..8])
    } else {
        segment.to_owned()
    }
}

fn milliseconds(micros: u64) -> String {
    match micros {
        0 => String::new(),
        micros => format!("{}.{} ms", micros / 1000, (micros % 1000) / 100),
    }
}

fn request_text(request: &CapturedRequest, reveal: bool) -> impl IntoView + use<> {
    view! {
        <b>{request.method.clone()}</b>
        " "
        {shown(url_pieces(&request.url), reveal)}
        "\n"
        {headers(&request.headers, reveal)}
        {body(&request.body, reveal)}
    }
}

fn response_text(response: &CapturedResponse, reveal: bool) -> impl IntoView + use<> {
    view! {
        <b>{response.status}</b>
        "\n"
        {headers(&response.headers, reveal)}
        {body(&response.body, reveal)}
    }
}

fn headers(headers: &[(String, String)], reveal: bool) -> impl IntoView + use<> {
    headers
        .iter()
        .map(|(name, value)| {
            view! {
                <span class="key">{name.clone()}</span>
                ": "
                {shown(header_pieces(name, value), reveal)}
                "\n"
            }
        })
        .collect_view()
}

/// The body; JSON is indented for reading, and nothing else is changed.
fn body(body: &str, reveal: bool) -> Option<impl IntoView + use<>> {
    (!body.is_empty()).then(|| {
        let text = serde_json::from_str::<serde_json::Value>(body)
            .map_or_else(|_| body.to_owned(), |json| format!("{json:#}"));
        view! {
            "\n"
            {shown(body_pieces(&text), reveal)}
        }
    })
}

fn shown(pieces: Vec<Piece>, reveal: bool) -> impl IntoView + use<> {
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(text) => text.into_any(),
            Piece::Secret(text) if reveal => {
                view! { <span class="secret">{text}</span> }.into_any()
            }
            Piece::Secret(_) => {
                view! { <span class="secret" title="masked">{MASK}</span> }.into_any()
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_path_is_shown_without_query_and_with_short_ids() {
        for (url, path) in [
            (
                "https://play.example/6d046e3e-9f9b-42ac-8928-dc5c6072af63/login/authorize?state=x",
                "/6d046e3e…/login/authorize",
            ),
            ("https://play.example/callback?code=secret#x", "/callback"),
            (
                "https://play.example/ééééééééééééééééééé/x",
                "/ééééééééééééééééééé/x",
            ),
        ] {
            assert_eq!(path_of(url), path);
        }
    }
}
