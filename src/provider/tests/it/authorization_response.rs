//! Reading an authorization response as the client gets it.

use crate::world::Reply;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use oidc::response_type::ResponseMode;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What a client is told.
#[derive(Debug)]
pub(crate) struct Told {
    /// How it got there.
    pub(crate) mode: ResponseMode,
    /// The address without what the response added.
    pub(crate) address: String,
    /// What the response added, each of it once.
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Reply {
    /// What the client is told, whichever way. `address` is where it must arrive.
    pub(crate) fn told(&self, address: &str) -> Told {
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"));
        let told = match self.status {
            StatusCode::OK => self.form(),
            _ => self.redirect(address),
        };
        assert_eq!(told.address, address);
        told
    }

    fn redirect(&self, address: &str) -> Told {
        let added = self.location().strip_prefix(address).unwrap();
        assert_eq!(self.body, "");
        let (mode, added) = match added.strip_prefix('#') {
            Some(fragment) => (ResponseMode::Fragment, fragment),
            None => (
                ResponseMode::Query,
                added.strip_suffix('#').unwrap_or(added),
            ),
        };
        assert!(!added.contains('#'), "{added}");
        let added = added.trim_start_matches(['?', '&']);
        Told {
            mode,
            address: address.to_owned(),
            parameters: once(form_urlencoded::parse(added.as_bytes()).into_owned()),
        }
    }

    /// Reads the page that posts itself, and asserts that it does nothing else.
    fn form(&self) -> Told {
        assert_eq!(self.header("location"), None);
        assert_eq!(
            self.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let page = &self.body;
        let (_, rest) = page.split_once("<form method=\"post\" action=\"").unwrap();
        let (action, rest) = rest.split_once("\" accept-charset=\"utf-8\">").unwrap();
        let (fields, rest) = rest.split_once("<p>").unwrap();
        let (_, rest) = rest
            .split_once("</p><button>Continue</button></form>")
            .unwrap();
        let (script, rest) = rest
            .strip_prefix("<script>")
            .unwrap()
            .split_once("</script>")
            .unwrap();
        assert_eq!(rest, "</body></html>\n");
        let hash = STANDARD.encode(Sha256::digest(script));
        assert_eq!(
            self.header("content-security-policy").unwrap(),
            format!(
                "default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'"
            )
        );
        assert_eq!(page.matches("<form").count(), 1);
        assert_eq!(page.matches("<script").count(), 1);
        let fields = fields.split_terminator("\">").map(|field| {
            let field = field
                .strip_prefix("<input type=\"hidden\" name=\"")
                .unwrap();
            let (name, value) = field.split_once("\" value=\"").unwrap();
            (name.to_owned(), unescaped(value))
        });
        Told {
            mode: ResponseMode::FormPost,
            address: unescaped(action),
            parameters: once(fields),
        }
    }
}

fn once(pairs: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for (name, value) in pairs {
        let before = parameters.insert(name.clone(), value);
        assert_eq!(before, None, "{name} is there twice");
    }
    parameters
}

/// The value of an attribute as a browser reads it.
fn unescaped(attribute: &str) -> String {
    assert!(!attribute.contains(['"', '<', '>', '\'']), "{attribute}");
    let mut parts = attribute.split('&');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap();
        text.push(match name {
            "amp" => '&',
            "quot" => '"',
            "#39" => '\'',
            "lt" => '<',
            "gt" => '>',
            _ => panic!("&{name};"),
        });
        text.push_str(rest);
    }
    text
}
