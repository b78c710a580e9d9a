//! A browser as far as signing in needs one: cookies, redirects and forms.

use crate::{
    failure::{Failure, ensure},
    html::{self, Form},
    http_client::{Address, Answer, Connection},
    profile::SignIn,
};
use form_urlencoded::Serializer;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::body::Bytes;

/// More redirects than this lead nowhere.
const REDIRECTS: usize = 10;

/// One person's browser, which has been nowhere yet.
pub(crate) struct Browser<'c> {
    connection: &'c mut Connection,
    cookies: Cookies,
    /// Where the application takes people back.
    redirect_uri: &'c str,
}

/// A page and where it is.
#[derive(Debug)]
pub(crate) struct Page {
    address: Address,
    body: Bytes,
}

/// Where a visit ended.
#[derive(Debug)]
pub(crate) enum Place {
    /// On a page of the provider.
    Page(Box<Page>),
    /// Back at the application, at this URL.
    Application(String),
}

impl<'c> Browser<'c> {
    pub(crate) fn new(connection: &'c mut Connection, redirect_uri: &'c str) -> Self {
        Self::with_cookies(connection, redirect_uri, Cookies::default())
    }

    /// One that has been here before.
    pub(crate) fn with_cookies(
        connection: &'c mut Connection,
        redirect_uri: &'c str,
        cookies: Cookies,
    ) -> Self {
        Self {
            connection,
            cookies,
            redirect_uri,
        }
    }

    /// What is left of it when it is closed.
    pub(crate) fn into_cookies(self) -> Cookies {
        self.cookies
    }

    /// Opens an address and goes wherever it leads.
    pub(crate) async fn open(&mut self, address: Address) -> Result<Place, Failure> {
        let answer = self.get(&address).await?;
        self.follow(address, answer).await
    }

    /// Answers the sign-in page and goes wherever that leads.
    pub(crate) async fn sign_in(&mut self, page: &Page, how: &SignIn) -> Result<Place, Failure> {
        let text = String::from_utf8_lossy(&page.body);
        let forms = html::forms(&text);
        let (form, body) = forms
            .iter()
            .find_map(|form| Some((form, filled(form, how)?)))
            .ok_or_else(|| Failure::new("the sign-in page has no form for this person"))?;
        let address = page.address.join(&form.action)?;
        let headers = self.headers(&address, true);
        let answer = self.connection.post(&address, &headers, body).await?;
        self.cookies.keep(&answer, &address);
        self.follow(address, answer).await
    }

    async fn get(&mut self, address: &Address) -> Result<Answer, Failure> {
        let headers = self.headers(address, false);
        let answer = self.connection.get(address, &headers).await?;
        self.cookies.keep(&answer, address);
        Ok(answer)
    }

    async fn follow(&mut self, mut address: Address, mut answer: Answer) -> Result<Place, Failure> {
        for _ in 0..REDIRECTS {
            if answer.status == StatusCode::OK {
                let body = answer.body;
                return Ok(Place::Page(Box::new(Page { address, body })));
            }
            let status = answer.status;
            ensure(
                status == StatusCode::FOUND || status == StatusCode::SEE_OTHER,
                &format!("the browser was answered with {}", status.as_u16()),
            )?;
            let location = answer.header(header::LOCATION);
            if location.starts_with(self.redirect_uri) {
                return Ok(Place::Application(location.to_owned()));
            }
            address = address.join(location)?;
            answer = self.get(&address).await?;
        }
        Err(Failure::new("the browser was sent in circles"))
    }

    /// What browsers send, as far as it matters to a provider.
    fn headers(&self, address: &Address, form: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        if let Some(cookies) = self.cookies.for_path(address.path()) {
            headers.insert(header::COOKIE, cookies);
        }
        if form {
            headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
            if let Ok(origin) = address.origin().parse() {
                headers.insert(header::ORIGIN, origin);
            }
        }
        headers
    }
}

/// The form's body when it is the one that is meant.
fn filled(form: &Form, how: &SignIn) -> Option<String> {
    let mut body = Serializer::new(String::new());
    match how {
        SignIn::Fill(values) => {
            let is_there = |name: &String| form.fields.iter().any(|(field, _)| field == name);
            if !values.keys().all(is_there) {
                return None;
            }
            for (name, value) in &form.fields {
                body.append_pair(name, values.get(name).unwrap_or(value));
            }
        }
        SignIn::Press(button) => {
            let pressed = form.buttons.iter().find(|(name, _)| name == button)?;
            body.extend_pairs(&form.fields);
            body.append_pair(&pressed.0, &pressed.1);
        }
    }
    Some(body.finish())
}

/// Cookies of one server.
/// [RFC 6265 section 5](https://www.rfc-editor.org/rfc/rfc6265#section-5)
#[derive(Debug, Default)]
pub(crate) struct Cookies(Vec<Cookie>);

#[derive(Debug, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    path: String,
}

impl Cookies {
    fn keep(&mut self, answer: &Answer, from: &Address) {
        for line in answer.headers.get_all(header::SET_COOKIE) {
            if let Some(cookie) = line
                .to_str()
                .ok()
                .and_then(|line| cookie(line, from.path()))
            {
                self.0
                    .retain(|kept| (&kept.name, &kept.path) != (&cookie.name, &cookie.path));
                // An empty one is how servers delete theirs.
                if !cookie.value.is_empty() {
                    self.0.push(cookie);
                }
            }
        }
    }

    fn for_path(&self, path: &str) -> Option<HeaderValue> {
        let pairs: Vec<String> = self
            .0
            .iter()
            .filter(|cookie| covers(&cookie.path, path))
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        if pairs.is_empty() {
            return None;
        }
        pairs.join("; ").parse().ok()
    }
}

/// [RFC 6265 section 5.1.4](https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4)
fn covers(cookie: &str, path: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/'))
}

fn cookie(line: &str, from: &str) -> Option<Cookie> {
    let mut parts = line.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let path = parts
        .filter_map(|part| part.split_once('='))
        .find(|(attribute, value)| attribute.eq_ignore_ascii_case("path") && value.starts_with('/'))
        .map_or_else(
            || match from.rfind('/') {
                None | Some(0) => "/",
                Some(end) => &from[..end],
            },
            |(_, path)| path,
        );
    Some(Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        path: path.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_that_has_the_fields_is_filled() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = Form {
            action: String::new(),
            fields: vec![pair("key", "a b"), pair("email", "")],
            buttons: vec![pair("person", "1"), pair("person", "2")],
        };
        let fill = |name: &str| SignIn::Fill([pair(name, "x@y")].into());
        assert_eq!(
            filled(&form, &fill("email")).as_deref(),
            Some("key=a+b&email=x%40y")
        );
        assert_eq!(filled(&form, &fill("login")), None);
        let press = |name: &str| SignIn::Press(name.to_owned());
        assert_eq!(
            filled(&form, &press("person")).as_deref(),
            Some("key=a+b&email=&person=1")
        );
        assert_eq!(filled(&form, &press("cancel")), None);
    }

    #[test]
    fn cookies_go_only_where_they_belong() {
        let page = Address::parse("http://a.example/x/y").unwrap();
        let answer = |line: &'static str| Answer {
            status: StatusCode::OK,
            headers: [(header::SET_COOKIE, HeaderValue::from_static(line))]
                .into_iter()
                .collect(),
            body: "".into(),
        };
        let mut cookies = Cookies::default();
        cookies.keep(&answer("a=1; Path=/; HttpOnly"), &page);
        cookies.keep(&answer("b=2; path=/x/deep"), &page);
        cookies.keep(&answer("c=3"), &page);
        let at = |cookies: &Cookies, path| cookies.for_path(path).unwrap();
        assert_eq!(at(&cookies, "/x/deep/er"), "a=1; b=2; c=3");
        assert_eq!(at(&cookies, "/x/deeper"), "a=1; c=3");
        cookies.keep(&answer("a=4; Path=/"), &page);
        cookies.keep(&answer("c=; Max-Age=0"), &page);
        assert_eq!(at(&cookies, "/x"), "a=4");
    }
}
