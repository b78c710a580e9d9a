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
