//! Administrative scopes: `action:path`.

/// The part of an administrative scope before the colon: which methods it covers.
// Inferred: only `*` and `.` are explained anywhere; `+`, `=` and `-` are our
// reading (domain notes, section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `*`: every method.
    Any,
    /// `.`: GET and HEAD.
    Read,
    /// `+`: POST.
    Create,
    /// `=`: PUT.
    Update,
    /// `-`: DELETE.
    Delete,
}

impl Action {
    fn parse(sign: &str) -> Option<Self> {
        match sign {
            "*" => Some(Self::Any),
            "." => Some(Self::Read),
            "+" => Some(Self::Create),
            "=" => Some(Self::Update),
            "-" => Some(Self::Delete),
            _ => None,
        }
    }

    /// Whether the action covers an HTTP method, given in capitals.
    #[must_use]
    pub fn covers(self, method: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Read => matches!(method, "GET" | "HEAD"),
            Self::Create => method == "POST",
            Self::Update => method == "PUT",
            Self::Delete => method == "DELETE",
        }
    }
}

/// An administrative scope: an action on paths relative to `/{customerId}/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminScope {
    action: Action,
    pattern: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of segments, also none.
    AnyNumber,
    /// `*`: exactly one segment.
    One,
    /// Itself, case-sensitive.
    Literal(String),
}

impl AdminScope {
    /// Reads a scope; `None` for one that is not `action:path`, such as
    /// `openid`, `XXXXX` or the slip `*.**`. Those give no right.
    #[must_use]
    pub fn parse(scope: &str) -> Option<Self> {
        let (sign, path) = scope.split_once(':')?;
        let action = Action::parse(sign)?;
        if path.is_empty() {
            return None;
        }
        let pattern = path
            .split('/')
            .map(|segment| match segment {
                "**" => Segment::AnyNumber,
                "*" => Segment::One,
                literal => Segment::Literal(literal.to_owned()),
            })
            .collect();
        Some(Self { action, pattern })
    }

    /// Whether the scope allows a method (in capitals) on a path relative to
    /// `/{customerId}/`, for example `config/tokenPolicies`.
    #[must_use]
    pub fn allows(&self, method: &str, path: &str) -> bool {
        let segments: Vec<&str> = path.split('/').collect();
        self.action.covers(method) && matches(&self.pattern, &segments)
    }
}

/// Whether any scope of a token allows the call. Nothing covers it: refused.
#[must_use]
pub fn allows(granted: &oidc::scope::Scope, method: &str, path: &str) -> bool {
    granted
        .iter()
        .filter_map(|token| AdminScope::parse(token.as_str()))
        .any(|scope| scope.allows(method, path))
}

/// Matches a pattern in time proportional to pattern times path, however many
/// `**` stand in it: row by row, which prefixes of the path can be matched.
fn matches(pattern: &[Segment], path: &[&str]) -> bool {
    let mut reachable = vec![false; path.len() + 1];
    reachable[0] = true;
    for segment in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            next[at] = match segment {
                Segment::AnyNumber => reachable[at] || (at > 0 && next[at - 1]),
                Segment::One => at > 0 && reachable[at - 1],
                Segment::Literal(text) => at > 0 && reachable[at - 1] && text == path[at - 1],
            };
        }
        reachable = next;
    }
    reachable[path.len()]
}

#[cfg(test)]
mod tests {
    use super::{AdminScope, allows};
    use oidc::scope::Scope;
    use proptest::prelude::*;

    const LIST: &str = "config/tokenPolicies";
    const ITEM: &str = "config/tokenPolicies/8cdb";
    const OTHER: &str = "config/tokenPolicies/1234";

    /// The calls of the table in the domain notes, section 3.3.
    const CALLS: [(&str, &str); 6] = [
        ("GET", LIST),
        ("POST", LIST),
        ("GET", ITEM),
        ("PUT", ITEM),
        ("DELETE", ITEM),
        ("DELETE", OTHER),
    ];

    #[test]
    fn scopes_allow_the_calls_of_the_table() {
        for (granted, expected) in [
            ("*:**", "yyyyyy"),
            (".:**", "y-y---"),
            ("*:config/**", "yyyyyy"),
            ("*:config/tokenPolicies", "yy----"),
            ("-:config/tokenPolicies/8cdb", "----y-"),
            (".:config/** *:config/tokenPolicies/**", "yyyyyy"),
            (".:config/** =:config/tokenPolicies/*", "y-yy--"),
            ("*.**", "------"),
            ("", "------"),
            ("openid XXXXX", "------"),
            ("*:** -:config/tokenPolicies/8cdb", "yyyyyy"),
        ] {
            let scope = Scope::parse(granted).scope;
            let answers: String = CALLS
                .iter()
                .map(|(method, path)| {
                    if allows(&scope, method, path) {
                        'y'
                    } else {
                        '-'
                    }
                })
                .collect();
            assert_eq!(answers, expected, "{granted}");
        }
    }

    #[test]
    fn signs_and_segments_are_read_as_decided() {
        for (scope, method, path, expected) in [
            (".:**", "HEAD", LIST, true),
            ("+:**", "POST", LIST, true),
            ("+:**", "PUT", LIST, false),
            ("=:**", "PUT", LIST, true),
            ("-:**", "GET", LIST, false),
            ("*:config/*", "GET", LIST, true),
            ("*:config/*", "GET", ITEM, false),
            ("*:config/*", "GET", "config", false),
            ("*:config/**", "GET", "config", true),
            ("*:**/8cdb", "GET", ITEM, true),
            ("*:**/tokenPolicies/**", "GET", LIST, true),
            ("*:Config/**", "GET", LIST, false),
            ("*:config/token*", "GET", LIST, false),
            ("*:webhooks/**", "GET", LIST, false),
        ] {
            let parsed = AdminScope::parse(scope).unwrap();
            assert_eq!(
                parsed.allows(method, path),
                expected,
                "{scope} {method} {path}"
            );
        }
    }

    #[test]
    fn what_is_not_action_and_path_is_no_administrative_scope() {
        for scope in [
            "", "openid", "XXXXX", "*.**", "**.**", "*:", "!:**", "**:**", ":**",
        ] {
            assert_eq!(AdminScope::parse(scope), None, "{scope}");
        }
    }

    #[test]
    fn many_double_stars_do_not_take_for_ever() {
        let scope = AdminScope::parse(&format!("*:{}x", "**/".repeat(200))).unwrap();
        assert!(!scope.allows("GET", &vec!["a"; 200].join("/")));
    }

    proptest! {
        #[test]
        fn a_further_scope_never_takes_a_right_away(
            one in "[*.+=-]:(config|\\*\\*|\\*)(/(tokenPolicies|\\*\\*|\\*)){0,2}",
            two in "[*.+=-]:(config|\\*\\*|\\*)(/(tokenPolicies|\\*\\*|\\*)){0,2}",
        ) {
            let alone = Scope::parse(&one).scope;
            let both = Scope::parse(&format!("{one} {two}")).scope;
            for (method, path) in CALLS {
                prop_assert!(!allows(&alone, method, path) || allows(&both, method, path));
            }
        }
    }
}
