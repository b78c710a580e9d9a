//! JSON as it is shown: line by line, with what is missing as ghost lines.

use crate::{
    evidence::Run,
    funnel::{FirstStop, FunnelRow, funnel},
};
use oidc::scope::Scope;
use policy::{
    release::{Claims, StandardScope},
    token_policy::TokenPolicy,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a line of a pane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LineKind {
    /// It stands in the answer.
    Plain,
    /// It does not stand in the answer, but could.
    Ghost,
    /// It does not stand in the answer, because the person has no such value.
    Empty,
    /// It stands in the answer since the change before this run.
    Added,
}

/// One line of a pane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaneLine {
    /// The line with its indentation.
    pub text: String,
    /// What it is.
    pub kind: LineKind,
    /// Why a ghost line is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The userinfo answer, and what is missing in it. Nothing when no token was
/// issued; ghost lines alone when userinfo did not answer.
///
/// The lines that are no ghosts are the answer's JSON.
#[must_use]
pub fn userinfo_lines(run: &Run) -> Vec<PaneLine> {
    if run.granted.is_none() {
        return Vec::new();
    }
    let added = run.change.as_ref().map(|change| &change.added);
    userinfo_pane(run.userinfo.as_ref(), &funnel(run), added)
}

/// What userinfo will answer, and what of these rows will be missing in it.
#[must_use]
pub fn predicted_userinfo_lines(userinfo: Option<&Claims>, rows: &[FunnelRow]) -> Vec<PaneLine> {
    userinfo_pane(userinfo, rows, None)
}

/// The token policy as it stood at the run, and the scopes missing in `allowedScopes`.
///
/// The lines that are no ghosts are the policy's JSON.
#[must_use]
pub fn policy_lines(run: &Run) -> Vec<PaneLine> {
    let added = run.change.as_ref().map(|change| &change.added);
    policy_pane(&run.policy, &funnel(run), added)
}

/// The token policy as it stands, and which of these rows it does not allow.
#[must_use]
pub fn predicted_policy_lines(rows: &[FunnelRow], policy: &TokenPolicy) -> Vec<PaneLine> {
    policy_pane(policy, rows, None)
}

/// An object as it is, for example the claims of an ID token.
#[must_use]
pub fn plain_lines(object: &Claims) -> Vec<PaneLine> {
    userinfo_pane(Some(object), &[], None)
}

fn userinfo_pane(
    userinfo: Option<&Claims>,
    rows: &[FunnelRow],
    added: Option<&Scope>,
) -> Vec<PaneLine> {
    let mut ghosts = ghosts(rows);
    let brace = match userinfo {
        Some(_) => LineKind::Plain,
        None => LineKind::Ghost,
    };
    let mut lines = vec![line("{", brace)];
    let count = userinfo.map_or(0, Claims::len);
    for (index, (name, value)) in userinfo.into_iter().flatten().enumerate() {
        // Where the provider would have put them: it answers in alphabetical order.
        let later = ghosts.split_off(ghosts.partition_point(|ghost| ghost.name < *name));
        lines.extend(ghosts.into_iter().map(Ghost::line));
        ghosts = later;
        let kind = if added.is_some_and(|added| brought_by(name, added)) {
            LineKind::Added
        } else {
            LineKind::Plain
        };
        let comma = if index + 1 < count { "," } else { "" };
        let member = format!("{}: {}{comma}", json_text(name), pretty(value));
        lines.extend(member.lines().map(|text| line(&format!("  {text}"), kind)));
    }
    lines.extend(ghosts.into_iter().map(Ghost::line));
    lines.push(line("}", brace));
    lines
}

fn policy_pane(policy: &TokenPolicy, rows: &[FunnelRow], added: Option<&Scope>) -> Vec<PaneLine> {
    let Ok(Value::Object(members)) = serde_json::to_value(policy) else {
        return Vec::new();
    };
    let mut lines = vec![line("{", LineKind::Plain)];
    for (index, (name, value)) in members.iter().enumerate() {
        let comma = if index + 1 < members.len() { "," } else { "" };
        if name == "allowedScopes" {
            lines.extend(allowed_scopes(&policy.allowed_scopes, rows, added));
            lines.push(line(&format!("  ]{comma}"), LineKind::Plain));
        } else {
            let text = format!("  {}: {}{comma}", json_text(name), pretty(value));
            lines.push(line(&text, LineKind::Plain));
        }
    }
    lines.push(line("}", LineKind::Plain));
    lines
}

/// The list up to its closing bracket.
fn allowed_scopes(allowed: &Scope, rows: &[FunnelRow], added: Option<&Scope>) -> Vec<PaneLine> {
    let mut lines = vec![line("  \"allowedScopes\": [", LineKind::Plain)];
    for (index, scope) in allowed.iter().enumerate() {
        let comma = if index + 1 < allowed.len() { "," } else { "" };
        let kind = if added.is_some_and(|added| added.contains(scope.as_str())) {
            LineKind::Added
        } else {
            LineKind::Plain
        };
        let text = format!("    {}{comma}", json_text(scope.as_str()));
        lines.push(line(&text, kind));
    }
    let missing = rows
        .iter()
        .filter(|row| row.first_stop == Some(FirstStop::NotInAllowedScopes));
    lines.extend(missing.map(|row| PaneLine {
        text: format!("    {}", json_text(row.scope.as_str())),
        kind: LineKind::Ghost,
        note: Some("not listed".to_owned()),
    }));
    lines
}

/// A claim that did not come.
struct Ghost {
    name: String,
    kind: LineKind,
    note: String,
}

impl Ghost {
    fn line(self) -> PaneLine {
        PaneLine {
            text: format!("  {}: …", json_text(&self.name)),
            kind: self.kind,
            note: Some(self.note),
        }
    }
}

/// The claims that did not come, with why, in alphabetical order.
fn ghosts(rows: &[FunnelRow]) -> Vec<Ghost> {
    let mut ghosts: Vec<Ghost> = Vec::new();
    for row in rows {
        for name in &row.expected {
            if !row.received.contains(name) {
                // By insertion, as the claims themselves are sorted.
                let at = ghosts.partition_point(|before| before.name <= *name);
                ghosts.insert(at, ghost(row, name));
            }
        }
    }
    ghosts
}

fn ghost(row: &FunnelRow, name: &str) -> Ghost {
    // A scope that stopped on the way outweighs a value that is not there.
    let stop = match row.first_stop {
        None | Some(FirstStop::ClaimsMissing) if row.empty.iter().any(|own| own == name) => {
            FirstStop::NoValue
        }
        None => FirstStop::ClaimsMissing,
        Some(stop) => stop,
    };
    let note = match stop {
        FirstStop::NoValue | FirstStop::ClaimsMissing | FirstStop::UserInfoClosed => {
            stop.reason().to_owned()
        }
        _ if row.scope.as_str() == name => stop.reason().to_owned(),
        _ => format!("{}: {}", row.scope, stop.reason()),
    };
    let kind = match stop {
        FirstStop::NoValue => LineKind::Empty,
        _ => LineKind::Ghost,
    };
    Ghost {
        name: name.to_owned(),
        kind,
        note,
    }
}

fn brought_by(claim: &str, scopes: &Scope) -> bool {
    StandardScope::ALL
        .into_iter()
        .filter(|scope| scopes.contains(scope.as_str()))
        .any(|scope| scope.claims().contains(&claim))
}

fn line(text: &str, kind: LineKind) -> PaneLine {
    PaneLine {
        text: text.to_owned(),
        kind,
        note: None,
    }
}

fn json_text(text: &str) -> String {
    Value::from(text).to_string()
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

#[cfg(test)]
mod tests {
    use super::{LineKind, PaneLine, policy_lines, userinfo_lines};
    use crate::{
        evidence::PolicyChange,
        fixture::{any_run, policy, run, scope},
    };
    use proptest::prelude::*;
    use serde_json::Value;

    /// The lines with a sign before each, and notes after.
    fn shown(lines: &[PaneLine]) -> String {
        let signed = |line: &PaneLine| {
            let sign = match line.kind {
                LineKind::Plain => ' ',
                LineKind::Ghost => '?',
                LineKind::Empty => '0',
                LineKind::Added => '+',
            };
            let note = line
                .note
                .as_ref()
                .map_or(String::new(), |note| format!(" ({note})"));
            format!("{sign}{}{note}\n", line.text)
        };
        lines.iter().map(signed).collect()
    }

    #[test]
    fn userinfo_shows_what_is_missing_where_it_would_stand() {
        let run = run("openid email address", "openid email");
        assert_eq!(
            shown(&userinfo_lines(&run)),
            r#" {
?  "address": … (not in allowedScopes)
   "email": "alice@example.com",
   "email_verified": true,
   "global_sub": "capture-v1://playground/user/a-1",
   "sub": "a-1"
 }
"#
        );
    }

    #[test]
    fn userinfo_shows_empty_and_missing_claims_with_their_reason() {
        let mut run = run("openid profile phone", "openid profile phone");
        run.userinfo.as_mut().unwrap().shift_remove("phone_number");
        let lines = shown(&userinfo_lines(&run));
        assert!(
            lines.contains("0  \"middle_name\": … (no value on file)\n"),
            "{lines}"
        );
        assert!(
            lines.contains("?  \"phone_number\": … (userinfo left it out)\n"),
            "{lines}"
        );
    }

    #[test]
    fn a_closed_userinfo_is_all_ghosts() {
        let mut run = run("openid email", "email");
        assert_eq!(
            shown(&userinfo_lines(&run)),
            r#"?{
?  "email": … (userinfo needs openid)
?  "email_verified": … (userinfo needs openid)
?  "sub": … (openid: not in allowedScopes)
?}
"#
        );
        run.granted = None;
        assert!(userinfo_lines(&run).is_empty());
    }

    #[test]
    fn a_claim_is_told_with_its_scope_when_that_has_another_name() {
        let lines = shown(&userinfo_lines(&run("openid email", "openid")));
        for expected in [
            "?  \"email\": … (not in allowedScopes)\n",
            "?  \"email_verified\": … (email: not in allowedScopes)\n",
        ] {
            assert!(lines.contains(expected), "{lines}");
        }
    }

    #[test]
    fn a_policy_that_was_not_asked_lacks_nothing() {
        let mut refused = run("openid email", "openid");
        refused.granted = None;
        let lines = policy_lines(&refused);
        assert!(lines.iter().all(|line| line.kind == LineKind::Plain));
    }

    #[test]
    fn the_policy_shows_what_is_missing_and_what_was_added() {
        let mut run = run("openid address shoe_size phone", "openid address");
        run.change = Some(PolicyChange {
            before: policy("openid"),
            after: policy("openid address"),
            added: scope("address"),
            exchanges: Vec::new(),
        });
        assert_eq!(
            shown(&policy_lines(&run)),
            r#" {
   "id": "p-1",
   "title": "Storefront",
   "accessTokenLifetime": 3600,
   "refreshTokenLifetime": 7776000,
   "allowedScopes": [
     "openid",
+    "address"
?    "phone" (not listed)
   ],
   "useAccessJWT": false
 }
"#
        );
        let lines = shown(&userinfo_lines(&run));
        assert!(
            lines.contains("+  \"address\": {\n+    \"street_address\""),
            "{lines}"
        );
    }

    proptest! {
        #[test]
        fn without_ghosts_the_lines_are_the_json(run in any_run()) {
            let json = |lines: Vec<PaneLine>| -> Option<Value> {
                let real = lines.into_iter().filter(|line| matches!(line.kind, LineKind::Plain | LineKind::Added));
                serde_json::from_str(&real.map(|line| line.text + "\n").collect::<String>()).ok()
            };
            prop_assert_eq!(json(policy_lines(&run)), serde_json::to_value(&run.policy).ok());
            let userinfo = run.userinfo.clone().map(Value::Object);
            prop_assert_eq!(json(userinfo_lines(&run)), userinfo);
        }
    }
}
