//! What to paste into an application of one's own, for a few common libraries.
//!
//! The files beside this one are the code, with places to fill in. A line that
//! begins with `[public]`, `[confidential]` or `[http]` is for clients without
//! and with a secret, and for providers that are not behind TLS.

use serde_json::json;

/// What an application must know of the provider and of its client.
#[derive(Clone, PartialEq, Eq)]
pub struct Application {
    /// The issuer.
    pub issuer: String,
    /// The client's id.
    pub client_id: String,
    /// Its secret, or what stands in its place; `None` for a public client.
    pub secret: Option<String>,
    /// Where the application is sent back to.
    pub redirect_uri: String,
    /// Where browsers are sent to.
    pub authorization_endpoint: String,
    /// Where tokens are fetched.
    pub token_endpoint: String,
    /// Where claims are fetched.
    pub userinfo_endpoint: String,
    /// Where the configuration API begins.
    pub configuration: String,
}

/// A piece of code to paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// A name that is unique among them, for ids.
    pub id: &'static str,
    /// The library, with the version it is written for.
    pub library: &'static str,
    /// The code.
    pub text: String,
}

/// The scopes that the snippets ask for.
const SCOPE: &str = "openid profile email";

/// Signing people in, for each library that suits the client.
#[must_use]
pub fn sign_in(application: &Application) -> Vec<Snippet> {
    LIBRARIES
        .iter()
        // It runs in browsers, where no secret can be kept.
        .filter(|library| library.id != "oidc-client-ts" || application.secret.is_none())
        .map(|library| library.filled(application))
        .collect()
}

/// Fetching an administrative token with a configuration client, and using it.
#[must_use]
pub fn administrative(application: &Application) -> Snippet {
    ADMINISTRATIVE.filled(application)
}

/// A library, and how code for it looks.
struct Library {
    id: &'static str,
    name: &'static str,
    code: &'static str,
    /// Writes a value so that it can stand where the code wants it.
    escape: fn(&str) -> String,
}

const LIBRARIES: [Library; 7] = [
    Library {
        id: "openid-client",
        name: "npm openid-client 6",
        code: include_str!("snippets/openid-client.txt"),
        escape: in_double_quotes,
    },
    Library {
        id: "oidc-client-ts",
        name: "npm oidc-client-ts 3",
        code: include_str!("snippets/oidc-client-ts.txt"),
        escape: in_double_quotes,
    },
    Library {
        id: "openidconnect",
        name: "Rust openidconnect 4",
        code: include_str!("snippets/openidconnect.txt"),
        escape: in_double_quotes,
    },
    Library {
        id: "spring",
        name: "Spring Boot 3 and 4",
        code: include_str!("snippets/spring.txt"),
        escape: in_properties,
    },
    Library {
        id: "aspnet",
        name: "ASP.NET Core",
        code: include_str!("snippets/aspnet.txt"),
        escape: in_double_quotes,
    },
    Library {
        id: "authlib",
        name: "Python Authlib 1",
        code: include_str!("snippets/authlib.txt"),
        escape: in_double_quotes,
    },
    Library {
        id: "curl",
        name: "curl",
        code: include_str!("snippets/curl.txt"),
        escape: in_single_quotes,
    },
];

const ADMINISTRATIVE: Library = Library {
    id: "administrative",
    name: "curl",
    code: include_str!("snippets/administrative.txt"),
    escape: in_single_quotes,
};

impl Library {
    fn filled(&self, application: &Application) -> Snippet {
        let lines = self.code.lines().filter_map(|line| application.heeds(line));
        let text: String = lines
            .flat_map(|line| [self.fill(line, application), "\n".to_owned()])
            .collect();
        Snippet {
            id: self.id,
            library: self.name,
            text,
        }
    }

    /// A line with its places filled in.
    fn fill(&self, line: &str, application: &Application) -> String {
        let mut pieces = line.split("{{");
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once("}}").unwrap_or((piece, ""));
            filled.push_str(&(self.escape)(application.value(name)));
            filled.push_str(rest);
        }
        filled
    }
}

impl Application {
    /// The line, if it is for this application.
    fn heeds<'a>(&self, line: &'a str) -> Option<&'a str> {
        let marks = [
            ("[public]", self.secret.is_none()),
            ("[confidential]", self.secret.is_some()),
            ("[http]", self.issuer.starts_with("http:")),
        ];
        for (mark, holds) in marks {
            if let Some(line) = line.strip_prefix(mark) {
                return holds.then_some(line);
            }
        }
        Some(line)
    }

    fn value(&self, name: &str) -> &str {
        match name {
            "issuer" => &self.issuer,
            "client_id" => &self.client_id,
            "secret" => self.secret.as_deref().unwrap_or_default(),
            "redirect_uri" => &self.redirect_uri,
            "authorization_endpoint" => &self.authorization_endpoint,
            "token_endpoint" => &self.token_endpoint,
            "userinfo_endpoint" => &self.userinfo_endpoint,
            "configuration" => &self.configuration,
            "path" => path(&self.redirect_uri),
            _ => SCOPE,
        }
    }
}

/// The path of an address.
fn path(address: &str) -> &str {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split('?')
        .next()
        .filter(|path| !path.is_empty())
        .unwrap_or("/")
}

/// As JavaScript, Rust, C# and Python read it.
fn in_double_quotes(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// As a POSIX shell reads it.
fn in_single_quotes(text: &str) -> String {
    text.replace('\'', r"'\''")
}

/// As a properties file is read.
fn in_properties(text: &str) -> String {
    text.replace('\\', r"\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(secret: Option<&str>) -> Application {
        Application {
            issuer: "https://play.test/c/login".to_owned(),
            client_id: "the-client".to_owned(),
            secret: secret.map(str::to_owned),
            redirect_uri: "https://app.test/back?x=1".to_owned(),
            authorization_endpoint: "https://play.test/c/login/authorize".to_owned(),
            token_endpoint: "https://play.test/c/login/token".to_owned(),
            userinfo_endpoint: "https://play.test/c/profiles/oidc/userinfo".to_owned(),
            configuration: "https://play.test/c/config".to_owned(),
        }
    }

    #[test]
    fn every_place_is_filled_in_and_every_mark_is_heeded() {
        for secret in [None, Some("hush")] {
            for issuer in ["http://127.0.0.1:3000/c/login", "https://play.test/c/login"] {
                let application = Application {
                    issuer: issuer.to_owned(),
                    ..application(secret)
                };
                for snippet in sign_in(&application) {
                    let text = &snippet.text;
                    assert!(text.contains("the-client"), "{text}");
                    assert!(!text.contains("{{") && !text.contains("}}"), "{text}");
                    for mark in ["[public]", "[confidential]", "[http]"] {
                        assert!(!text.contains(mark), "{text}");
                    }
                    assert_eq!(text.contains("hush"), secret.is_some(), "{text}");
                    let insecure = text.contains("Plain http");
                    assert!(!insecure || issuer.starts_with("http:"), "{text}");
                }
            }
        }
        let text = administrative(&application(Some("hush"))).text;
        assert!(text.contains("client_secret=hush") && text.contains("/c/config/clients'"));
    }

    #[test]
    fn a_library_for_browsers_is_offered_to_clients_without_a_secret_only() {
        let offered = |secret| {
            let snippets = sign_in(&application(secret));
            snippets.iter().any(|one| one.id == "oidc-client-ts")
        };
        assert!(offered(None) && !offered(Some("hush")));
    }

    #[test]
    fn values_cannot_break_out_of_where_they_stand() {
        let mut odd = application(Some(r#"a"b\c'd{{issuer}}"#));
        odd.redirect_uri = "app:it's".to_owned();
        let text = |id: &str| {
            let snippets = sign_in(&odd);
            let snippet = snippets.into_iter().find(|snippet| snippet.id == id);
            snippet.unwrap().text
        };
        assert!(text("openid-client").contains(r#"ClientSecretPost("a\"b\\c'd{{issuer}}")"#));
        assert!(text("curl").contains(r#"'client_secret=a"b\c'\''d{{issuer}}'"#));
        assert!(text("curl").contains(r"'redirect_uri=app:it'\''s'"));
        assert!(text("spring").contains(r#"client-secret=a"b\\c'd{{issuer}}"#));
    }

    #[test]
    fn an_address_is_answered_at_its_path() {
        for (address, expected) in [
            ("https://app.test/back?x=1", "/back"),
            ("https://app.test", "/"),
            ("http://127.0.0.1:9/", "/"),
            ("app:cb", "/"),
        ] {
            assert_eq!(path(address), expected);
        }
    }
}
