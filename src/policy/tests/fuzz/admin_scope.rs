use fuzz::{Corpus, corpus, hold, prop_assert, prop_assert_eq};
use oidc::scope::Scope;
use policy::admin_scope::{AdminScope, allows};
use std::sync::LazyLock;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| corpus!("admin_scope"));

const CALLS: [(&str, &str); 5] = [
    ("GET", "config/tokenPolicies"),
    ("POST", "config/tokenPolicies"),
    ("GET", "config/tokenPolicies/8cdb"),
    ("PUT", "config/tokenPolicies/8cdb"),
    ("DELETE", "config/tokenPolicies/8cdb"),
];

/// Which of the calls it allows, if it is an administrative scope.
fn class(bytes: &[u8]) -> Option<String> {
    let scope = AdminScope::parse(&String::from_utf8_lossy(bytes))?;
    let sign = |(method, path)| if scope.allows(method, path) { 'y' } else { '-' };
    Some(CALLS.into_iter().map(sign).collect())
}

#[test]
fn kept_scopes_allow_what_is_stated() {
    let allows = |calls: &str| Some(calls.to_owned());
    CORPUS.check(
        &[
            ("case", allows("-----")),
            ("colon-in-path", allows("-----")),
            ("create", allows("-y---")),
            ("delete", allows("----y")),
            ("dots", allows("-----")),
            ("empty", None),
            ("empty-segment", allows("-----")),
            ("escaped", allows("-----")),
            ("everything", allows("yyyyy")),
            ("leading-slash", allows("-----")),
            ("login-scope", None),
            ("long", allows("-----")),
            ("many-stars", allows("-----")),
            ("no-action", None),
            ("no-path", None),
            ("nul", allows("-----")),
            ("one-segment", allows("-----")),
            ("part-of-a-segment", allows("-----")),
            ("read", allows("y-y--")),
            ("right-to-left", allows("-----")),
            ("slip", None),
            ("space", allows("-----")),
            ("stars", allows("--yyy")),
            ("trailing-slash", allows("-----")),
            ("two-actions", None),
            ("update", allows("---y-")),
        ],
        class,
    );
}

/// The algorithm as it would be explained to a person: slow.
fn explained(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=path.len()).any(|taken| explained(rest, &path[taken..])),
        ([own, rest @ ..], [segment, path @ ..]) => {
            (*own == "*" || own == segment) && explained(rest, path)
        }
        _ => false,
    }
}

#[test]
fn a_scope_allows_what_the_explanation_says() {
    hold((CORPUS.text(), CORPUS.text()), |(text, other)| {
        let (sign, pattern) = text.split_once(':').unwrap_or_default();
        let parsed = AdminScope::parse(&text);
        let is_one = ["*", ".", "+", "=", "-"].contains(&sign) && !pattern.is_empty();
        prop_assert_eq!(parsed.is_some(), is_one);
        let Some(scope) = parsed else { return Ok(()) };
        let pattern: Vec<&str> = pattern.split('/').collect();
        let strange = other.rsplit(':').next().unwrap();
        let calls = CALLS
            .into_iter()
            .chain([("GET", strange), ("PURGE", CALLS[0].1)]);
        for (method, path) in calls {
            let allowed = scope.allows(method, path);
            let path: Vec<&str> = path.split('/').collect();
            if pattern.len() + path.len() < 16 {
                let covers = match sign {
                    "*" => true,
                    "." => method == "GET",
                    "+" => method == "POST",
                    "=" => method == "PUT",
                    _ => method == "DELETE",
                };
                prop_assert_eq!(allowed, covers && explained(&pattern, &path));
            }
        }
        Ok(())
    });
}

#[test]
fn a_token_allows_what_one_of_its_scopes_does() {
    hold((CORPUS.text(), CORPUS.text()), |(one, other)| {
        let both = Scope::parse(&format!("{one} {other}")).scope;
        for (method, path) in CALLS {
            let any = both.iter().any(|token| {
                AdminScope::parse(token.as_str()).is_some_and(|own| own.allows(method, path))
            });
            prop_assert_eq!(allows(&both, method, path), any);
        }
        prop_assert!(!allows(&Scope::default(), "GET", CALLS[0].1));
        Ok(())
    });
}
