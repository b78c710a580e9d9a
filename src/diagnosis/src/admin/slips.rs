//! What may be wrong with one administrative scope, and what was meant.

use super::typed::Known;
use oidc::scope::{ScopeToken, ScopeTokenError};
use policy::{
    admin_scope::{Action, AdminScope},
    release::StandardScope,
};

/// A pattern of more segments is not compared with the paths there are.
const MOST_SEGMENTS: usize = 12;

/// What is wrong with a word, and what it may stand for.
pub(super) struct Slipped {
    pub(super) text: String,
    pub(super) meant: Option<String>,
}

/// Looks at one word; `None` when it says what a call can be allowed by.
pub(super) fn find(word: &str, known: &Known<'_>) -> Option<Slipped> {
    let (mut wrong, meant) = corrected(word, known);
    if wrong.is_empty() {
        return without_use(word, known);
    }
    let meant = meant.filter(|meant| meant != word && find(meant, known).is_none());
    if let Some(meant) = &meant {
        wrong.push(format!("Perhaps {} is meant.", code(meant)));
    }
    Some(Slipped {
        text: format!("{}: {}", code(word), wrong.join(" ")),
        meant,
    })
}

/// A scope that is written well, and still allows nothing.
fn without_use(word: &str, known: &Known<'_>) -> Option<Slipped> {
    let scope = AdminScope::parse(word)?;
    let pattern = word.split_once(':')?.1;
    if pattern.split('/').count() > MOST_SEGMENTS {
        return None;
    }
    let of_use = known.calls.iter().any(|(method, template)| {
        scope.action().covers(method) && overlap(&segments(pattern), &segments(template))
    });
    (!of_use).then(|| Slipped {
        text: format!(
            "{}: no call of the configuration API here is of that kind on such a path, so it allows nothing.",
            code(word)
        ),
        meant: None,
    })
}

/// What is wrong with how the word is written, and how it would be right.
fn corrected(word: &str, known: &Known<'_>) -> (Vec<String>, Option<String>) {
    if let Err(ScopeTokenError::Character { character, .. }) = ScopeToken::new(word) {
        let bare: String = word.chars().filter(|c| is_scope_char(*c)).collect();
        let wrong = format!(
            "{} may not stand in a scope, so the provider ignores the word (RFC 6749, section 3.3).",
            code(&character.to_string())
        );
        let meant = corrected(&bare, known).1.or(Some(bare));
        return (vec![wrong], meant);
    }
    if StandardScope::parse(word).is_some() {
        let wrong = "A scope of logins. It may be listed and granted, and allows no call.";
        return (vec![wrong.to_owned()], None);
    }
    let Some((action, path, mut wrong)) = parts(word, known) else {
        let wrong = "Not of the form `action:path`. If the policy does not list it, it is dropped; if it did, it would allow no call.";
        return (vec![wrong.to_owned()], None);
    };
    let path = corrected_path(path, known, &mut wrong);
    if path.is_empty() {
        wrong.push("The path is missing. `**` stands for every path.".to_owned());
        return (wrong, Some(format!("{action}:**")));
    }
    (wrong, Some(format!("{action}:{path}")))
}

/// The sign and the path, with what is wrong about the sign and the colon.
fn parts<'a>(word: &'a str, known: &Known<'_>) -> Option<(char, &'a str, Vec<String>)> {
    if let Some((before, path)) = word.split_once(':') {
        return match sign(before) {
            Some((sign, true)) => Some((sign, path, Vec::new())),
            Some((sign, false)) => Some((sign, path, vec![SIGNS.to_owned()])),
            None => None,
        };
    }
    let mut characters = word.chars();
    let first = characters.next()?;
    if let Some(path) = characters.as_str().strip_prefix('.')
        && is_sign(first)
        && !path.is_empty()
    {
        let wrong = "There is a dot where the colon belongs.".to_owned();
        return Some((first, path, vec![wrong]));
    }
    if word == "**" || word == "**.**" {
        return Some(('*', "**", vec![SIGNS.to_owned()]));
    }
    if looks_like_path(word, known) {
        let wrong = format!("The sign before the path is missing. {SIGNS}");
        return Some(('*', word, vec![wrong]));
    }
    None
}

const SIGNS: &str = "A scope begins with one sign and a colon: `*` every method, `.` reading, `+` POST, `=` PUT, `-` DELETE.";

/// The sign that stands before the colon, and whether it is written as one.
fn sign(before: &str) -> Option<(char, bool)> {
    let mut characters = before.chars();
    match (characters.next(), characters.as_str()) {
        (Some(sign), "") if is_sign(sign) => return Some((sign, true)),
        _ => {}
    }
    let sign = match before.to_ascii_lowercase().as_str() {
        "" | "**" | "all" | "any" | "admin" => '*',
        "get" | "read" | "r" | "head" => '.',
        "post" | "create" => '+',
        "put" | "update" => '=',
        "delete" => '-',
        _ => return None,
    };
    Some((sign, false))
}

fn is_sign(character: char) -> bool {
    Action::ALL.iter().any(|action| action.sign() == character)
}

fn looks_like_path(word: &str, known: &Known<'_>) -> bool {
    let first = word.trim_start_matches('/').split('/').next();
    let first = first.unwrap_or_default();
    word.contains("://")
        || !first.is_empty()
            && (first == known.customer || is_config(first) || collection(first, known).is_some())
}

fn is_config(segment: &str) -> bool {
    segment.eq_ignore_ascii_case("config")
}

/// The collection below `config` that a segment names, in the right case.
fn collection<'a>(segment: &str, known: &Known<'a>) -> Option<&'a str> {
    let mut collections = known
        .calls
        .iter()
        .filter_map(|(_, template)| template.split('/').nth(1));
    collections.find(|name| name.eq_ignore_ascii_case(segment))
}

/// The path as it is compared: below the customer, without slashes at its ends,
/// in the right case.
fn corrected_path(path: &str, known: &Known<'_>, wrong: &mut Vec<String>) -> String {
    let mut path = path;
    if let Some((_, address)) = path.split_once("://") {
        wrong.push("A scope names a path, not an address.".to_owned());
        path = address.split_once('/').map_or("", |(_, path)| path);
    }
    let trimmed = path.trim_matches('/');
    if trimmed != path && !path.is_empty() {
        wrong.push("The path has no slash at its ends.".to_owned());
    }
    let mut parts: Vec<&str> = trimmed.split('/').filter(|part| !part.is_empty()).collect();
    if parts.first() == Some(&known.customer) || parts.first() == Some(&"{customerId}") {
        wrong.push("The path begins after the customer id.".to_owned());
        parts.remove(0);
    }
    if let Some(name) = parts.first().and_then(|first| collection(first, known)) {
        wrong.push("The path begins with `config`.".to_owned());
        parts[0] = name;
        parts.insert(0, "config");
    }
    let mut respelt = false;
    for part in &mut parts {
        if let Some(right) = right_case(part, known) {
            respelt = true;
            *part = right;
        }
    }
    if respelt {
        wrong.push("Paths are compared letter by letter, capitals too.".to_owned());
    }
    parts.join("/")
}

/// A segment of a path there is that differs in nothing but its capitals.
fn right_case<'a>(segment: &str, known: &Known<'a>) -> Option<&'a str> {
    let all = || known.calls.iter().flat_map(|(_, path)| path.split('/'));
    if all().any(|own| own == segment) {
        return None;
    }
    let mut all = all();
    all.find(|own| own.eq_ignore_ascii_case(segment))
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').collect()
}

/// Whether a pattern covers any path of a template, in which `{id}` stands for
/// any segment.
fn overlap(pattern: &[&str], template: &[&str]) -> bool {
    match (pattern.split_first(), template.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), None) => overlap(rest, template),
        (Some((&"**", rest)), Some((_, others))) => {
            overlap(rest, template) || overlap(pattern, others)
        }
        (Some((one, rest)), Some((other, others))) => {
            (*one == "*" || one == other || other.starts_with('{')) && overlap(rest, others)
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

fn is_scope_char(character: char) -> bool {
    ScopeToken::new(&character.to_string()).is_ok()
}

/// A word as code, cut short, without what would end the code.
pub(super) fn code(word: &str) -> String {
    const SHOWN: usize = 60;
    let cut = if word.chars().nth(SHOWN).is_some() {
        "…"
    } else {
        ""
    };
    let shown: String = word
        .chars()
        .take(SHOWN)
        .map(|c| if c == '`' || c.is_control() { '·' } else { c })
        .collect();
    format!("`{shown}{cut}`")
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Known, find};

    pub(in crate::admin) const CALLS: &[(&str, &str)] = &[
        ("GET", "config/tokenPolicies"),
        ("POST", "config/tokenPolicies"),
        ("GET", "config/tokenPolicies/{id}"),
        ("PUT", "config/tokenPolicies/{id}"),
        ("DELETE", "config/tokenPolicies/{id}"),
        ("GET", "config/clients/{id}/secret"),
        ("POST", "config/keys/rotate"),
    ];
    const CUSTOMER: &str = "6d046e3e-9f9b-42ac-8928-dc5c6072af63";

    fn known() -> Known<'static> {
        Known {
            customer: CUSTOMER,
            calls: CALLS,
        }
    }

    #[test]
    fn every_slip_is_answered_with_what_was_meant() {
        for (word, meant) in [
            ("*.**", Some("*:**")),
            ("**.**", Some("*:**")),
            ("**:**", Some("*:**")),
            ("**", Some("*:**")),
            ("..**", Some(".:**")),
            ("*.config/**", Some("*:config/**")),
            ("config/**", Some("*:config/**")),
            ("/config/tokenPolicies", Some("*:config/tokenPolicies")),
            (":config/**", Some("*:config/**")),
            ("*:/config/**", Some("*:config/**")),
            (".:config/tokenPolicies/", Some(".:config/tokenPolicies")),
            ("*:tokenPolicies", Some("*:config/tokenPolicies")),
            ("tokenpolicies", Some("*:config/tokenPolicies")),
            (
                ".:Config/TOKENPOLICIES/**",
                Some(".:config/tokenPolicies/**"),
            ),
            ("read:config/**", Some(".:config/**")),
            (
                "DELETE:config/tokenPolicies/1",
                Some("-:config/tokenPolicies/1"),
            ),
            ("*:", Some("*:**")),
            ("\"*:**\"", Some("*:**")),
            (
                "*:https://play.example/6d046e3e-9f9b-42ac-8928-dc5c6072af63/config/**",
                Some("*:config/**"),
            ),
            (
                "6d046e3e-9f9b-42ac-8928-dc5c6072af63/config/**",
                Some("*:config/**"),
            ),
            (
                "*:6d046e3e-9f9b-42ac-8928-dc5c6072af63/config/**",
                Some("*:config/**"),
            ),
            ("*:{customerId}/config/**", Some("*:config/**")),
            ("XXXXX", None),
            ("openid", None),
            ("!:**", None),
            ("*:webhooks/**", None),
            ("-:config/keys/rotate", None),
            ("é", None),
        ] {
            let slip = find(word, &known()).unwrap_or_else(|| panic!("{word} is no slip"));
            assert_eq!(slip.meant.as_deref(), meant, "{word}: {}", slip.text);
            assert!(slip.text.ends_with('.'), "{}", slip.text);
        }
    }

    #[test]
    fn what_allows_something_is_no_slip() {
        for word in [
            "*:**",
            ".:**",
            "*:config/**",
            "*:config/tokenPolicies",
            "-:config/tokenPolicies/8cdb3f99-ceee-403d-a01d-daf392e1835",
            ".:config/*/*",
            "=:**/tokenPolicies/*",
            ".:config/clients/1/secret",
            "+:config/keys/*",
        ] {
            let slip = find(word, &known());
            assert!(slip.is_none(), "{word}: {}", slip.unwrap().text);
        }
    }

    #[test]
    fn a_long_pattern_is_not_compared_for_ever() {
        let word = format!("*:{}x", "**/".repeat(900));
        assert!(find(&word, &known()).is_none());
    }
}
