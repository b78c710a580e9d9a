//! Requests as `curl` commands.

use super::{
    CapturedRequest,
    mask::{Secret, secrets_of_body, secrets_of_header, secrets_of_url},
};

/// Fields that `curl` sets itself, so that repeating them could only do harm.
const LEFT_TO_CURL: [&str; 4] = ["connection", "content-length", "host", "transfer-encoding"];

impl CapturedRequest {
    /// The request as a `curl` command for a POSIX shell, one option a line.
    ///
    /// With `reveal` it can be run as it stands. Without, each secret is a shell
    /// variable named after it, such as `$ACCESS_TOKEN`: the command can be
    /// understood, and run by whoever sets the variables.
    #[must_use]
    pub fn curl(&self, reveal: bool) -> String {
        let quote = |text: &str, secrets: Vec<Secret>| {
            quoted(text, if reveal { &[] } else { secrets.as_slice() })
        };
        let mut options = vec![quote(&self.url, secrets_of_url(&self.url))];
        // Brackets and braces would otherwise be read as a pattern.
        if self.url.contains(['[', ']', '{', '}']) {
            options.push("--globoff".to_owned());
        }
        let implied = if self.body.is_empty() { "GET" } else { "POST" };
        if self.method == "HEAD" {
            options.push("--head".to_owned());
        } else if self.method != implied {
            options.push(format!("--request {}", quoted(&self.method, &[])));
        }
        for (name, value) in &self.headers {
            let lower = name.to_ascii_lowercase();
            if lower == "accept-encoding" {
                options.push("--compressed".to_owned());
            } else if value.is_empty() {
                // A semicolon sends the field without a value; a colon would drop it.
                options.push(format!("--header {}", quoted(&format!("{name};"), &[])));
            } else if !LEFT_TO_CURL.contains(&lower.as_str()) && !name.starts_with(':') {
                let start = name.len() + 2;
                let secrets = secrets_of_header(name, value)
                    .into_iter()
                    .map(|secret| Secret {
                        at: secret.at.start + start..secret.at.end + start,
                        ..secret
                    })
                    .collect();
                let field = format!("{name}: {value}");
                options.push(format!("--header {}", quote(&field, secrets)));
            }
        }
        if !self.body.is_empty() {
            let typed = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
            if !self.headers.iter().any(typed) {
                // Else curl would call it a form.
                options.push("--header 'content-type:'".to_owned());
            }
            let body = quote(&self.body, secrets_of_body(&self.body));
            options.push(format!("--data-raw {body}"));
        }
        format!("curl {}", options.join(" \\\n  "))
    }
}

/// One word for the shell: what is plain in single quotes, in which nothing has
/// a meaning, and each secret as a variable in double quotes.
fn quoted(text: &str, secrets: &[Secret]) -> String {
    let mut word = String::new();
    let mut plain_from = 0;
    for secret in secrets {
        single_quoted(&mut word, &text[plain_from..secret.at.start]);
        word.push_str("\"$");
        word.push_str(&variable(&secret.name));
        word.push('"');
        plain_from = secret.at.end;
    }
    if plain_from < text.len() || secrets.is_empty() {
        single_quoted(&mut word, &text[plain_from..]);
    }
    word
}

fn single_quoted(word: &mut String, text: &str) {
    word.push('\'');
    word.push_str(&text.replace('\'', r"'\''"));
    word.push('\'');
}

/// The name of the shell variable for a secret: `access_token` → `ACCESS_TOKEN`.
fn variable(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
            _ => '_',
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::{CapturedRequest, quoted};

    fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> CapturedRequest {
        CapturedRequest {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.to_owned(),
        }
    }

    fn token_request() -> CapturedRequest {
        request(
            "POST",
            "https://a.test/c/login/token",
            &[
                ("host", "a.test"),
                ("content-length", "41"),
                ("content-type", "application/x-www-form-urlencoded"),
                ("authorization", "Basic aWQ6c2VjcmV0"),
            ],
            "grant_type=authorization_code&code=abc&redirect_uri=x",
        )
    }

    #[test]
    fn a_revealed_command_holds_everything() {
        assert_eq!(
            token_request().curl(true),
            "curl 'https://a.test/c/login/token' \\\n  \
             --header 'content-type: application/x-www-form-urlencoded' \\\n  \
             --header 'authorization: Basic aWQ6c2VjcmV0' \\\n  \
             --data-raw 'grant_type=authorization_code&code=abc&redirect_uri=x'"
        );
    }

    #[test]
    fn a_masked_command_names_what_to_fill_in() {
        assert_eq!(
            token_request().curl(false),
            "curl 'https://a.test/c/login/token' \\\n  \
             --header 'content-type: application/x-www-form-urlencoded' \\\n  \
             --header 'authorization: Basic '\"$CLIENT_CREDENTIALS\" \\\n  \
             --data-raw 'grant_type=authorization_code&code='\"$CODE\"'&redirect_uri=x'"
        );
    }

    #[test]
    fn a_get_needs_no_method() {
        let request = request(
            "GET",
            "https://a.test/userinfo",
            &[
                ("authorization", "Bearer t"),
                ("accept", "application/json"),
            ],
            "",
        );
        assert_eq!(
            request.curl(false),
            "curl 'https://a.test/userinfo' \\\n  \
             --header 'authorization: Bearer '\"$ACCESS_TOKEN\" \\\n  \
             --header 'accept: application/json'"
        );
    }

    #[test]
    fn other_methods_are_named() {
        let put = request(
            "PUT",
            "https://a.test/p",
            &[("content-type", "application/json")],
            "{}",
        );
        assert!(put.curl(true).contains("--request 'PUT'"));
        assert!(
            request("HEAD", "https://a.test/p", &[], "")
                .curl(true)
                .contains("--head")
        );
        assert!(
            request("POST", "https://a.test/p", &[], "")
                .curl(true)
                .contains("--request 'POST'")
        );
    }

    #[test]
    fn what_curl_would_change_is_prevented() {
        let odd = request(
            "POST",
            "http://[::1]/p",
            &[("x-empty", ""), ("accept-encoding", "gzip")],
            "a",
        );
        let command = odd.curl(true);
        for option in [
            "--globoff",
            "--header 'x-empty;'",
            "--compressed",
            "--header 'content-type:'",
        ] {
            assert!(command.contains(option), "{option} in {command}");
        }
    }

    /// Reads one shell word as POSIX section 2.2 says, as far as it is written here.
    fn unquoted(word: &str) -> String {
        let mut text = String::new();
        let mut rest = word;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\'' => {
                    let end = rest.find('\'').expect("a closing quote");
                    text.push_str(&rest[..end]);
                    rest = &rest[end + 1..];
                }
                '\\' => {
                    text.push_str(&rest[..1]);
                    rest = &rest[1..];
                }
                c => panic!("{c:?} stands outside of quotes in {word}"),
            }
        }
        text
    }

    proptest::proptest! {
        #[test]
        fn quoting_keeps_any_text(text in r"([a-z'\\$`!\n]|\PC){0,40}") {
            proptest::prop_assert_eq!(unquoted(&quoted(&text, &[])), text);
        }

        #[test]
        fn a_masked_command_never_shows_a_token(token in "[A-Za-z0-9_-]{20,64}") {
            let sent = request(
                "POST",
                &format!("https://a.test/x?code={token}"),
                &[("authorization", &format!("Bearer {token}")), ("cookie", &format!("sandbox={token}"))],
                &format!("client_secret={token}&code_verifier={token}"),
            );
            proptest::prop_assert!(!sent.curl(false).contains(&token));
            proptest::prop_assert_eq!(sent.curl(true).matches(&token).count(), 5);
        }
    }
}
