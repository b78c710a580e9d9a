//! JSON as it is shown: line by line, with what is missing as ghost lines.

use crate::{
    evidence::Run,
    funnel::{FirstStop, FunnelRow, funnel},
};
use oidc::scope::{Scope, ScopeToken};
use policy::release::{Claims, StandardScope};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a line of a pane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LineKind {
    /// It stands in the answer.
    Plain,
    /// It does not stand in the answer, but could.
    Ghost,
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
    let rows = funnel(run);
    let mut ghosts = ghosts(&rows);
    let added = run.change.as_ref().map(|change| &change.added);
    let brace = match &run.userinfo {
        Some(_) => LineKind::Plain,
        None => LineKind::Ghost,
    };
    let mut lines = vec![line("{", brace)];
    let claims = run.userinfo.iter().flatten();
    let count = run.userinfo.as_ref().map_or(0, Claims::len);
    for (index, (name, value)) in claims.enumerate() {
        // Where the provider would have put them: it answers in alphabetical order.
        let later = ghosts.split_off(ghosts.partition_point(|(ghost, _)| ghost < name));
        lines.extend(ghosts.into_iter().map(|(name, note)| ghost(&name, note)));
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
    lines.extend(ghosts.into_iter().map(|(name, note)| ghost(&name, note)));
    lines.push(line("}", brace));
    lines
}

/// The token policy as it stood at the run, and the scopes missing in `allowedScopes`.
///
/// The lines that are no ghosts are the policy's JSON.
#[must_use]
pub fn policy_lines(run: &Run) -> Vec<PaneLine> {
    let missing: Vec<ScopeToken> = funnel(run)
        .into_iter()
        .filter(|row| row.first_stop == Some(FirstStop::NotInAllowedScopes))
        .map(|row| row.scope)
        .collect();
    let added = run.change.as_ref().map(|change| &change.added);
    let Ok(Value::Object(policy)) = serde_json::to_value(&run.policy) else {
        return Vec::new();
    };
    let mut lines = vec![line("{", LineKind::Plain)];
    for (index, (name, value)) in policy.iter().enumerate() {
        let comma = if index + 1 < policy.len() { "," } else { "" };
        if name != "allowedScopes" {
            let text = format!("  {}: {}{comma}", json_text(name), pretty(value));
            lines.push(line(&text, LineKind::Plain));
            continue;
        }
        lines.push(line("  \"allowedScopes\": [", LineKind::Plain));
        let allowed = &run.policy.allowed_scopes;
        for (index, scope) in allowed.iter().enumerate() {
            let comma = if index + 1 < allowed.len() { "," } else { "" };
            let kind = if added.is_some_and(|added| added.contains(scope.as_str())) {
                LineKind::Added
            } else {
                LineKind::Plain
            };
            lines.push(line(
                &format!("    {}{comma}", json_text(scope.as_str())),
                kind,
            ));
        }
        lines.extend(missing.iter().map(|scope| PaneLine {
            text: format!("    {}", json_text(scope.as_str())),
            kind: LineKind::Ghost,
            note: Some("missing".to_owned()),
        }));
        lines.push(line(&format!("  ]{comma}"), LineKind::Plain));
    }
    lines.push(line("}", LineKind::Plain));
    lines
}

/// The claims that did not come, with why, in alphabetical order.
fn ghosts(rows: &[FunnelRow]) -> Vec<(String, String)> {
    let mut ghosts: Vec<(String, String)> = rows
        .iter()
        .flat_map(|row| {
            row.expected
                .iter()
                .filter(|name| !row.received.contains(name))
                .map(|name| {
                    // A scope that stopped on the way outweighs a value that is not there.
                    let stop = match row.first_stop {
                        None | Some(FirstStop::ClaimsMissing) if row.empty.contains(name) => {
                            FirstStop::NoValue
                        }
                        None => FirstStop::ClaimsMissing,
                        Some(stop) => stop,
                    };
                    let note = match stop {
                        FirstStop::NoValue
                        | FirstStop::ClaimsMissing
                        | FirstStop::UserInfoClosed => stop.reason().to_owned(),
                        _ => format!("{}: {}", row.scope, stop.reason()),
                    };
                    (name.clone(), note)
                })
        })
        .collect();
    ghosts.sort();
    ghosts
}

fn brought_by(claim: &str, scopes: &Scope) -> bool {
    StandardScope::ALL
        .into_iter()
        .filter(|scope| scopes.contains(scope.as_str()))
        .any(|scope| scope.claims().contains(&claim))
}

fn ghost(name: &str, note: String) -> PaneLine {
    PaneLine {
        text: format!("  {}: …", json_text(name)),
        kind: LineKind::Ghost,
        note: Some(note),
    }
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
?  "address": … (address: not in allowedScopes)
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
            lines.contains("?  \"middle_name\": … (no value on file)\n"),
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
?    "phone" (missing)
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
                let real = lines.into_iter().filter(|line| line.kind != LineKind::Ghost);
                serde_json::from_str(&real.map(|line| line.text + "\n").collect::<String>()).ok()
            };
            prop_assert_eq!(json(policy_lines(&run)), serde_json::to_value(&run.policy).ok());
            let userinfo = run.userinfo.clone().map(Value::Object);
            prop_assert_eq!(json(userinfo_lines(&run)), userinfo);
        }
    }
}
