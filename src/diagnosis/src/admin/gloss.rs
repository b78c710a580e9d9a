//! What an administrative scope means, in words.

use policy::admin_scope::{Action, AdminScope};

/// Why the signs `+`, `=` and `-` are marked.
pub const OUR_READING: &str = "Our reading: no page of Akamai's explains `+`, `=` and `-`. Beside `.` for reading they are taken for POST, PUT and DELETE.";

/// Whether what the scope means rests on our reading of its sign.
#[must_use]
pub fn is_our_reading(scope: &str) -> bool {
    AdminScope::parse(scope).is_some_and(|scope| scope.action().is_our_reading())
}

/// What the scope allows, in a few words; `None` for one that is no
/// administrative scope. Text in backquotes is code.
#[must_use]
pub fn gloss(scope: &str) -> Option<String> {
    let action = AdminScope::parse(scope)?.action();
    let (_, path) = scope.split_once(':')?;
    let calls = match action {
        Action::Any => "every method",
        Action::Read => "reading only",
        Action::Create => "POST only",
        Action::Update => "PUT only",
        Action::Delete => "DELETE only",
    };
    Some(format!("{calls}, {}", place(path)))
}

fn place(path: &str) -> String {
    if path == "**" {
        return "everywhere".to_owned();
    }
    if let Some(above) = path.strip_suffix("/**").filter(|above| is_plain(above)) {
        return format!("`{above}` and all below it");
    }
    if let Some(above) = path.strip_suffix("/*").filter(|above| is_plain(above)) {
        return format!("each item of `{above}`");
    }
    match path.split('/').count() {
        _ if !is_plain(path) => format!("paths like `{path}`"),
        2 => format!("`{path}` itself, not its items"),
        _ => "this one path".to_owned(),
    }
}

fn is_plain(path: &str) -> bool {
    !path.contains('*')
}

#[cfg(test)]
mod tests {
    use super::{gloss, is_our_reading};

    #[test]
    fn scopes_are_put_in_words() {
        for (scope, words) in [
            ("*:**", Some("every method, everywhere")),
            (".:**", Some("reading only, everywhere")),
            (
                "*:config/**",
                Some("every method, `config` and all below it"),
            ),
            (
                "*:config/tokenPolicies",
                Some("every method, `config/tokenPolicies` itself, not its items"),
            ),
            (
                "=:config/clients/*",
                Some("PUT only, each item of `config/clients`"),
            ),
            ("-:config/clients/1", Some("DELETE only, this one path")),
            ("+:config/*/x", Some("POST only, paths like `config/*/x`")),
            ("XXXXX", None),
            ("openid", None),
            ("*.**", None),
        ] {
            assert_eq!(gloss(scope).as_deref(), words);
        }
    }

    #[test]
    fn only_scopes_with_unexplained_signs_are_marked() {
        for (scope, ours) in [
            ("*:**", false),
            (".:**", false),
            ("+:**", true),
            ("-x", false),
        ] {
            assert_eq!(is_our_reading(scope), ours, "{scope}");
        }
    }
}
