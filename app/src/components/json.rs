//! JSON, line by line, with colours made here.

use diagnosis::panes::{LineKind, PaneLine};
use leptos::{either::Either, prelude::*};
use policy::release::StandardScope;

/// Shows lines of JSON. Ghost lines stand for what is missing.
#[component]
pub fn JsonLines(lines: Vec<PaneLine>) -> impl IntoView {
    let lines = lines
        .into_iter()
        .map(|line| {
            let (class, mark) = match line.kind {
                LineKind::Plain => ("line", None),
                LineKind::Ghost => ("line ghost", Some("missing: ")),
                LineKind::Empty => ("line empty", Some("no value: ")),
                LineKind::Added => ("line added", Some("added: ")),
            };
            view! {
                <span class=class data-scope=scope_of(&line.text)>
                    {mark.map(|mark| view! { <span class="sr">{mark}</span> })}
                    {colour(&line.text)}
                    {line.note.map(|note| view! { <span class="note">{note}</span> })}
                    "\n"
                </span>
            }
        })
        .collect_view();
    view! { <pre class="json" tabindex="0"><code>{lines}</code></pre> }
}

/// The scope a line belongs to: its claim's, or the one it names. It lights up
/// together with that scope's tick box.
fn scope_of(line: &str) -> Option<&'static str> {
    let (name, rest) = line.trim_start().strip_prefix('"')?.split_once('"')?;
    let is_member = rest.starts_with(':');
    StandardScope::ALL
        .into_iter()
        .find(|scope| {
            if is_member {
                scope.claims().contains(&name)
            } else {
                scope.as_str() == name
            }
        })
        .map(StandardScope::as_str)
}

/// A run of characters of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Key,
    Text,
    Literal,
    Sign,
}

fn colour(line: &str) -> impl IntoView + use<> {
    pieces(line)
        .into_iter()
        .map(|(kind, text)| {
            let class = match kind {
                Kind::Key => "key",
                Kind::Text => "text",
                Kind::Literal => "literal",
                Kind::Sign => return Either::Left(text),
            };
            Either::Right(view! { <span class=class>{text}</span> })
        })
        .collect_view()
}

/// Splits one line of pretty-printed JSON into keys, texts, literals and the rest.
fn pieces(line: &str) -> Vec<(Kind, String)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (kind, length) = next_piece(rest);
        let (piece, after) = rest.split_at(length);
        pieces.push((kind, piece.to_owned()));
        rest = after;
    }
    pieces
}

fn next_piece(rest: &str) -> (Kind, usize) {
    if let Some(text) = rest.strip_prefix('"') {
        let length = end_of_text(text).map_or(rest.len(), |end| end + 2);
        let is_key = rest[length..].trim_start().starts_with(':');
        return (if is_key { Kind::Key } else { Kind::Text }, length);
    }
    let is_literal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.');
    let literal = rest.find(|c| !is_literal(c)).unwrap_or(rest.len());
    if literal > 0 {
        return (Kind::Literal, literal);
    }
    let sign = rest
        .find(|c| c == '"' || is_literal(c))
        .unwrap_or(rest.len());
    (Kind::Sign, sign)
}

/// Where the closing quote of a JSON text stands, escapes skipped.
fn end_of_text(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Kind, pieces, scope_of};

    #[test]
    fn a_line_belongs_to_the_scope_of_its_claim_or_the_one_it_names() {
        for (line, scope) in [
            (r#"  "email_verified": true,"#, Some("email")),
            (r#"    "address""#, Some("address")),
            (r#"  "title": "profile","#, None),
            (r#"    "street_address": "x""#, None),
            ("{", None),
        ] {
            assert_eq!(scope_of(line), scope, "{line}");
        }
    }

    #[test]
    fn a_line_is_split_and_nothing_is_lost() {
        for line in [
            r#"  "name": "Alice \"A\" Example","#,
            r#"  "n": -12.5e3, "#,
            "  true",
            r#""open"#,
            "{}[],",
            "…",
        ] {
            let joined: String = pieces(line).into_iter().map(|(_, text)| text).collect();
            assert_eq!(joined, line);
        }
    }

    #[test]
    fn keys_are_told_from_texts() {
        let kinds: Vec<Kind> = pieces(r#""a": "b""#)
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        assert_eq!(kinds, [Kind::Key, Kind::Sign, Kind::Text]);
    }
}
