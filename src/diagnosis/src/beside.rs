//! Two runs side by side: request, client and policy, grant and claims.

use crate::{catalog, evidence::Run, verdict::verdict, words::duration};
use oidc::exchange::{MASK, Piece, url_pieces};
use policy::{client::ClientType, release::Claims};
use serde_json::Value;

/// What two runs say about the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about, as it stands on the wire or as the page calls it.
    pub name: String,
    /// What the first run says; `None` for nothing.
    pub one: Option<String>,
    /// What the second run says.
    pub other: Option<String>,
    /// Whether both say the same.
    pub how: How,
}

/// Whether two runs say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// They do.
    Same,
    /// They do not.
    Differs,
    /// Only the first says something.
    OnlyOne,
    /// Only the second does.
    OnlyOther,
    /// They do not, and never would: it is new in every run.
    AlwaysNew,
}

/// Rows that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// A name for links and tests.
    pub id: &'static str,
    /// The rows; without any, neither run has something of this kind.
    pub rows: Vec<Row>,
}

impl Row {
    /// Whether the runs differ in it although they could have been the same.
    #[must_use]
    pub const fn is_different(&self) -> bool {
        !matches!(self.how, How::Same | How::AlwaysNew)
    }
}

/// Everything two runs can be compared by.
#[must_use]
pub fn beside(one: &Run, other: &Run) -> Vec<Group> {
    let group = |title, id, of: fn(&Run) -> Vec<Fact>| Group {
        title,
        id,
        rows: rows(&of(one), &of(other)),
    };
    vec![
        group("What came of it", "outcome", outcome),
        group("Request", "request", request),
        group("Client and token policy", "policy", policy),
        group("Granted scopes", "granted", granted),
        group("Claims of the ID token", "id-token", |run| {
            claims(run.id_token.as_ref())
        }),
        group("Claims from userinfo", "userinfo", |run| {
            claims(run.userinfo.as_ref())
        }),
    ]
}

/// What one run says of something, by its name.
type Fact = (String, String);

fn fact(name: &str, value: impl Into<String>) -> Fact {
    (name.to_owned(), value.into())
}

fn outcome(run: &Run) -> Vec<Fact> {
    let mut facts = vec![
        fact("Verdict", verdict(run).headline),
        fact("Ended", catalog::ended(&run.outcome).replace('`', "")),
    ];
    let signed_in = run.signed_in.as_ref();
    facts.extend(
        signed_in.map(|person| fact("Signed in", format!("{} ({})", person.name, person.email))),
    );
    facts
}

fn request(run: &Run) -> Vec<Fact> {
    let mut facts = Vec::<Fact>::new();
    for (name, value) in run.request.parameters() {
        let shown = if is_secret(&name) {
            MASK.to_owned()
        } else {
            value
        };
        match facts.iter_mut().find(|(own, _)| *own == name) {
            // A parameter of one's own may be sent twice.
            Some((_, values)) => *values = format!("{values}\n{shown}"),
            None => facts.push((name, shown)),
        }
    }
    facts
}

fn is_secret(parameter: &str) -> bool {
    let pieces = url_pieces(&format!("/?{parameter}=x"));
    pieces.iter().any(|piece| matches!(piece, Piece::Secret(_)))
}

fn policy(run: &Run) -> Vec<Fact> {
    let kind = match run.client.client_type {
        ClientType::Public => "public",
        ClientType::Confidential => "confidential",
    };
    let form = if run.policy.use_access_jwt {
        "JWT"
    } else {
        "opaque"
    };
    vec![
        fact("Client", run.client.name.as_str()),
        fact("Client id", run.client.id.as_str()),
        fact("Client type", kind),
        fact("Token policy", run.policy.title.as_str()),
        fact("allowedScopes", run.policy.allowed_scopes.to_string()),
        fact(
            "accessTokenLifetime",
            duration(run.policy.access_token_lifetime),
        ),
        fact(
            "refreshTokenLifetime",
            duration(run.policy.refresh_token_lifetime),
        ),
        fact("Access tokens", form),
    ]
}

fn granted(run: &Run) -> Vec<Fact> {
    let scopes = run.granted.iter().flatten();
    scopes
        .map(|scope| fact(scope.as_str(), "granted"))
        .collect()
}

fn claims(claims: Option<&Claims>) -> Vec<Fact> {
    let claims = claims.into_iter().flatten();
    claims
        .map(|(name, value)| match value {
            Value::String(text) => fact(name, text.as_str()),
            other => fact(name, other.to_string()),
        })
        .collect()
}

/// The names of the first in their order, then those that only the second has.
fn rows(one: &[Fact], other: &[Fact]) -> Vec<Row> {
    let find = |facts: &[Fact], name: &str| {
        let found = facts.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone())
    };
    let only_other = other.iter().filter(|(name, _)| find(one, name).is_none());
    let names = one.iter().chain(only_other).map(|(name, _)| name.clone());
    names
        .map(|name| {
            let (one, other) = (find(one, &name), find(other, &name));
            Row {
                how: how(&name, one.as_deref(), other.as_deref()),
                name,
                one,
                other,
            }
        })
        .collect()
}

fn how(name: &str, one: Option<&str>, other: Option<&str>) -> How {
    match (one, other) {
        (one, other) if one == other => How::Same,
        (_, None) => How::OnlyOne,
        (None, _) => How::OnlyOther,
        _ if is_always_new(name) => How::AlwaysNew,
        _ => How::Differs,
    }
}

/// Whether two runs never agree on it.
fn is_always_new(name: &str) -> bool {
    matches!(
        name,
        "state"
            | "nonce"
            | "code_challenge"
            | "iat"
            | "exp"
            | "jti"
            | "auth_time"
            | "at_hash"
            | "c_hash"
            | "sid"
    )
}

#[cfg(test)]
mod tests {
    use super::{Group, How, beside};
    use crate::fixture::{any_run, bo, issue, run};
    use proptest::prelude::*;

    fn find<'a>(groups: &'a [Group], group: &str, name: &str) -> &'a super::Row {
        let group = groups.iter().find(|one| one.id == group).unwrap();
        group.rows.iter().find(|row| row.name == name).unwrap()
    }

    #[test]
    fn what_differs_is_told_from_what_is_new_in_every_run() {
        let mut one = run("openid address", "openid address");
        let mut other = run("openid email", "openid email");
        one.request.state = Some("1".to_owned());
        other.request.state = Some("2".to_owned());
        one.request.add("ui", "a");
        one.request.add("ui", "b");
        other.request.add("id_token_hint", "hush");
        issue(&mut other, bo());
        let groups = beside(&one, &other);
        for (group, name, how) in [
            ("request", "client_id", How::Same),
            ("request", "scope", How::Differs),
            ("request", "state", How::AlwaysNew),
            ("request", "ui", How::OnlyOne),
            ("policy", "allowedScopes", How::Differs),
            ("policy", "Client", How::Same),
            ("granted", "openid", How::Same),
            ("granted", "address", How::OnlyOne),
            ("granted", "email", How::OnlyOther),
            ("userinfo", "email", How::OnlyOther),
            ("userinfo", "sub", How::Differs),
            ("outcome", "Signed in", How::Differs),
        ] {
            let row = find(&groups, group, name);
            assert_eq!(row.how, how, "{group} {name}");
            let alike = matches!(how, How::Same | How::AlwaysNew);
            assert_eq!(row.is_different(), !alike);
        }
        assert_eq!(find(&groups, "request", "ui").one.as_deref(), Some("a\nb"));
        let hint = find(&groups, "request", "id_token_hint");
        assert!(!hint.other.as_deref().unwrap().contains("hush"));
    }

    proptest! {
        #[test]
        fn swapping_two_runs_swaps_the_sides(one in any_run(), other in any_run()) {
            let (there, back) = (beside(&one, &other), beside(&other, &one));
            for (group, mirrored) in there.iter().zip(&back) {
                prop_assert_eq!(group.rows.len(), mirrored.rows.len());
                for row in &group.rows {
                    let twin = mirrored.rows.iter().find(|twin| twin.name == row.name).unwrap();
                    prop_assert_eq!((&row.one, &row.other), (&twin.other, &twin.one));
                }
            }
        }

        #[test]
        fn a_run_differs_in_nothing_from_itself(run in any_run()) {
            let groups = beside(&run, &run);
            prop_assert!(groups.iter().flat_map(|group| &group.rows).all(|row| row.how == How::Same));
        }
    }
}
