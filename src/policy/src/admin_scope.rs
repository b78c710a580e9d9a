//! Administrative scopes: `action:path`.

use oidc::scope::{Scope, ScopeToken};

/// Every method on the whole configuration: what the playground itself asks for
/// when it changes something.
pub const ADMIN_SCOPE: &str = "*:config/**";

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
    /// Every action, the widest first.
    pub const ALL: [Self; 5] = [
        Self::Any,
        Self::Read,
        Self::Create,
        Self::Update,
        Self::Delete,
    ];

    /// The sign it is written with.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Any => '*',
            Self::Read => '.',
            Self::Create => '+',
            Self::Update => '=',
            Self::Delete => '-',
        }
    }

    /// Whether what the sign means is our reading: no page explains it.
    #[must_use]
    pub const fn is_our_reading(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete)
    }

    /// The action that covers this method, in capitals, and no other but HEAD
    /// beside GET.
    #[must_use]
    pub fn only(method: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|action| *action != Self::Any && action.covers(method))
    }

    fn parse(sign: &str) -> Option<Self> {
        let mut characters = sign.chars();
        let sign = characters.next().filter(|_| characters.as_str().is_empty());
        Self::ALL
            .into_iter()
            .find(|action| Some(action.sign()) == sign)
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

    /// Which methods it covers.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
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
pub fn allows(granted: &Scope, method: &str, path: &str) -> bool {
    allowing(granted, method, path).next().is_some()
}

/// The scopes that allow the call, in their order. The first one decides; one is
/// enough.
pub fn allowing<'a>(
    scopes: &'a Scope,
    method: &'a str,
    path: &'a str,
) -> impl Iterator<Item = &'a ScopeToken> {
    scopes.iter().filter(move |token| {
        AdminScope::parse(token.as_str()).is_some_and(|scope| scope.allows(method, path))
    })
}

/// The smallest scope that allows a call: this method on this path and nothing
/// else, but for HEAD beside GET. `None` for a method no sign stands for, and for
/// a path that cannot stand in a scope or would stand for others, too.
#[must_use]
pub fn smallest(method: &str, path: &str) -> Option<ScopeToken> {
    let is_pattern = path.split('/').any(|segment| matches!(segment, "*" | "**"));
    if path.is_empty() || is_pattern {
        return None;
    }
    let action = Action::only(method)?;
    ScopeToken::new(&format!("{}:{path}", action.sign())).ok()
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
    use super::{Action, AdminScope, allowing, allows, smallest};
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
    fn the_scope_that_decides_is_the_first_that_allows_the_call() {
        let granted = Scope::parse("openid *.** .:** *:config/tokenPolicies *:**").scope;
        let decides = |method, path| allowing(&granted, method, path).next().unwrap().as_str();
        assert_eq!(decides("GET", LIST), ".:**");
        assert_eq!(decides("POST", LIST), "*:config/tokenPolicies");
        assert_eq!(decides("PUT", ITEM), "*:**");
        let narrow = Scope::parse(".:** +:config/clients").scope;
        assert_eq!(allowing(&narrow, "PUT", ITEM).next(), None);
    }

    #[test]
    fn the_smallest_scope_of_each_call_of_the_table_allows_that_call_alone() {
        for (at, (method, path)) in CALLS.into_iter().enumerate() {
            let scope = smallest(method, path).unwrap();
            let granted = Scope::parse(scope.as_str()).scope;
            let allowed: Vec<usize> = (0..CALLS.len())
                .filter(|other| allows(&granted, CALLS[*other].0, CALLS[*other].1))
                .collect();
            assert_eq!(allowed, [at], "{scope}");
        }
        assert_eq!(
            smallest("PUT", ITEM).unwrap().as_str(),
            "=:config/tokenPolicies/8cdb"
        );
        for (method, path) in [
            ("PATCH", LIST),
            ("GET", ""),
            ("GET", "config/*"),
            ("GET", "**/x"),
            ("GET", "config/a b"),
        ] {
            assert_eq!(smallest(method, path), None, "{method} {path}");
        }
    }

    #[test]
    fn only_signs_that_no_page_explains_are_our_reading() {
        let ours: String = Action::ALL
            .into_iter()
            .filter(|action| action.is_our_reading())
            .map(Action::sign)
            .collect();
        assert_eq!(ours, "+=-");
        assert_eq!(Action::only("HEAD"), Some(Action::Read));
    }

    #[test]
    fn many_double_stars_do_not_take_for_ever() {
        let scope = AdminScope::parse(&format!("*:{}x", "**/".repeat(200))).unwrap();
        assert!(!scope.allows("GET", &vec!["a"; 200].join("/")));
    }

    proptest! {
        #[test]
        fn the_smallest_scope_allows_its_call_and_no_other(
            method in "GET|POST|PUT|DELETE",
            path in "config(/[a-z0-9-]{1,6}){1,3}",
            other_method in "GET|POST|PUT|DELETE",
            other_path in "config(/[a-z0-9-]{1,6}){1,3}",
        ) {
            let granted = Scope::parse(smallest(&method, &path).unwrap().as_str()).scope;
            prop_assert!(allows(&granted, &method, &path));
            let same = method == other_method && path == other_path;
            prop_assert_eq!(allows(&granted, &other_method, &other_path), same);
            prop_assert!(method == other_method || !allows(&granted, &other_method, &path));
        }

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
