//! Who may depend on whom, as the README's map of the crates says.

use std::collections::BTreeSet;

use anyhow::bail;

use crate::{environment::Environment, process};

/// A crate and what must never be below it, however far down.
struct Forbidden {
    package: &'static str,
    target: Option<&'static str>,
    names: &'static [&'static str],
}

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        package: "frontend",
        target: Some("wasm32-unknown-unknown"),
        names: &[
            "axum",
            "hyper",
            "oauth2",
            "openidconnect",
            "reqwest",
            "ring",
            "rsa",
            "sqlx",
            "tokio",
        ],
    },
    Forbidden {
        package: "oidc",
        target: None,
        names: &["axum", "leptos", "rand", "reqwest", "sqlx", "tokio"],
    },
    Forbidden {
        package: "policy",
        target: None,
        names: &["axum", "leptos", "rand", "reqwest", "sqlx", "tokio"],
    },
    Forbidden {
        package: "diagnosis",
        target: None,
        names: &["axum", "leptos", "rand", "reqwest", "sqlx", "tokio"],
    },
    Forbidden {
        package: "store",
        target: None,
        names: &["axum", "leptos", "reqwest"],
    },
    Forbidden {
        package: "provider",
        target: None,
        names: &["leptos", "relying-party", "reqwest", "rsa"],
    },
    Forbidden {
        package: "relying-party",
        target: None,
        names: &["axum", "leptos", "policy", "provider", "store"],
    },
];

/// What each of our crates may name among our own.
const ALLOWED: &[(&str, &[&str])] = &[
    ("oidc", &[]),
    ("policy", &["oidc"]),
    ("diagnosis", &["oidc", "policy"]),
    ("store", &["oidc", "policy"]),
    ("provider", &["oidc", "policy", "store"]),
    ("relying-party", &["oidc"]),
    (
        "playground",
        &[
            "diagnosis",
            "oidc",
            "policy",
            "provider",
            "relying-party",
            "store",
        ],
    ),
    (
        "app",
        &["diagnosis", "oidc", "playground", "policy", "provider"],
    ),
    ("frontend", &["app"]),
    (
        "server",
        &[
            "app",
            "diagnosis",
            // To be killed in a test.
            "load",
            "oidc",
            "playground",
            "policy",
            "provider",
            "relying-party",
            "store",
        ],
    ),
    ("fuzz", &[]),
    ("load", &[]),
    ("xtask", &[]),
];

/// Asks cargo for every tree and lists all that breaks a rule.
pub(crate) fn check(environment: &Environment) -> anyhow::Result<String> {
    let mut broken = Vec::new();
    for rule in FORBIDDEN {
        let mut arguments = vec!["--package", rule.package, "--edges", "normal"];
        if let Some(target) = rule.target {
            arguments.extend(["--target", target]);
        }
        let printed = cargo_tree(environment, &arguments)?;
        broken.extend(forbidden_in(rule, &packages(&printed)));
    }
    let members = members(environment)?;
    for member in &members {
        // Every edge there could be, whichever feature or target asks for it.
        let printed = cargo_tree(
            environment,
            &[
                "--package",
                member,
                "--depth",
                "1",
                "--edges",
                "normal,build",
                "--all-features",
                "--target",
                "all",
            ],
        )?;
        broken.extend(edges_not_allowed(member, &packages(&printed), &members));
    }
    if broken.is_empty() {
        return Ok(format!("{} crates", members.len()));
    }
    bail!("{}", broken.join("\n"))
}

/// The names of the workspace's packages.
pub(crate) fn members(environment: &Environment) -> anyhow::Result<Vec<String>> {
    let printed = cargo_tree(environment, &["--workspace", "--depth", "0"])?;
    Ok(packages(&printed).into_iter().map(str::to_owned).collect())
}

fn cargo_tree(environment: &Environment, arguments: &[&str]) -> anyhow::Result<String> {
    process::capture(
        environment
            .command("cargo")
            .args(["tree", "--locked", "--prefix", "none", "--format", "{p}"])
            .args(arguments),
    )
}

/// The package names in lines like `serde v1.0.0 (*)`.
fn packages(printed: &str) -> BTreeSet<&str> {
    printed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

fn forbidden_in(rule: &Forbidden, found: &BTreeSet<&str>) -> Vec<String> {
    if !found.contains(rule.package) {
        return vec![format!(
            "the tree of {} is empty, so nothing was checked",
            rule.package
        )];
    }
    rule.names
        .iter()
        .filter(|name| found.contains(*name))
        .map(|name| {
            format!(
                "{} must not depend on {name}, not even indirectly",
                rule.package
            )
        })
        .collect()
}

fn edges_not_allowed(member: &str, found: &BTreeSet<&str>, members: &[String]) -> Vec<String> {
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == member) else {
        return vec![format!(
            "{member} has no rule; say in xtask what it may depend on"
        )];
    };
    found
        .iter()
        .filter(|name| **name != member && members.iter().any(|ours| ours == *name))
        .filter(|name| !allowed.contains(name))
        .map(|name| format!("{member} must not depend on {name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(package: &str) -> &'static Forbidden {
        FORBIDDEN
            .iter()
            .find(|rule| rule.package == package)
            .expect("a rule for this crate")
    }

    fn our_crates() -> Vec<String> {
        ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    #[test]
    fn a_forbidden_crate_deep_in_the_tree_is_found() {
        let tree = "provider v0.1.0 (/p)\naxum v0.8.9\nstore v0.1.0 (/s)\nrsa v0.9.8 (*)\n";
        assert_eq!(
            forbidden_in(rule("provider"), &packages(tree)),
            ["provider must not depend on rsa, not even indirectly"]
        );
    }

    #[test]
    fn a_name_that_only_begins_alike_is_not_forbidden() {
        let tree = "frontend v0.1.0 (/f)\ntokio-util v0.7.0\nhyperlink v1.0.0\n";
        assert!(forbidden_in(rule("frontend"), &packages(tree)).is_empty());
    }

    #[test]
    fn an_empty_tree_proves_nothing() {
        assert_eq!(forbidden_in(rule("oidc"), &packages("")).len(), 1);
    }

    #[test]
    fn an_edge_that_is_not_listed_is_found() {
        let tree = "oidc v0.1.0 (/o)\npolicy v0.1.0 (/p)\nserde v1.0.0\n";
        assert_eq!(
            edges_not_allowed("oidc", &packages(tree), &our_crates()),
            ["oidc must not depend on policy"]
        );
        assert!(
            edges_not_allowed(
                "policy",
                &packages("policy v0.1.0 (/p)\noidc v0.1.0 (/o)\nserde v1.0.0\n"),
                &our_crates()
            )
            .is_empty()
        );
    }

    #[test]
    fn a_crate_without_a_rule_is_found() {
        let mut members = our_crates();
        members.push("newcomer".to_owned());
        assert_eq!(
            edges_not_allowed("newcomer", &packages("newcomer v0.1.0 (/n)"), &members).len(),
            1
        );
    }

    #[test]
    fn only_the_server_may_name_every_crate() {
        let others = ["frontend", "fuzz", "load", "server", "xtask"];
        let parts: Vec<String> = our_crates()
            .into_iter()
            .filter(|name| !others.contains(&name.as_str()))
            .collect();
        for (name, allowed) in ALLOWED {
            let all = parts.iter().all(|part| allowed.contains(&part.as_str()));
            assert_eq!(all, *name == "server", "{name}");
        }
    }
}
