//! One HTTP/1.1 connection that is kept open, as one busy client has it.

use crate::failure::Failure;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Host and port.
    pub(crate) authority: String,
    host: HeaderValue,
    /// Path and query.
    path: Uri,
}

impl Address {
    /// Reads an absolute `http` URL.
    pub(crate) fn parse(url: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("{} is no http URL", without_query(url)));
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        if uri.scheme_str() != Some("http") {
            return Err(Failure::new(format!(
                "{} is not http: what is measured is the server, not TLS",
                without_query(url)
            )));
        }
        let authority = uri.authority().ok_or_else(wrong)?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            host: authority.as_str().parse().map_err(|_| wrong())?,
            authority: match authority.port() {
                Some(_) => authority.to_string(),
                None => format!("{authority}:80"),
            },
            path: path.parse().map_err(|_| wrong())?,
        })
    }

    /// The path alone.
    pub(crate) fn path(&self) -> &str {
        self.path.path()
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.host.to_str().unwrap_or_default())
    }

    /// What a link, a form's action or a redirect on this page leads to.
    pub(crate) fn join(&self, reference: &str) -> Result<Self, Failure> {
        if reference.contains("://") {
            return Self::parse(reference);
        }
        let path = self.path.path();
        let reference = match reference.chars().next() {
            Some('/') => reference.to_owned(),
            None => path.to_owned(),
            Some('?') => format!("{path}{reference}"),
            Some(_) => {
                let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
                format!("{folder}{reference}")
            }
        };
        let wrong = |_| Failure::new("a page leads to something that is no address");
        Ok(Self {
            path: reference.parse().map_err(wrong)?,
            ..self.clone()
        })
    }
}

fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// A connection to one server. It is opened when it is first needed, and again
/// after it broke.
#[derive(Debug)]
pub(crate) struct Connection {
    authority: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    pub(crate) fn new(authority: &str) -> Self {
        Self {
            authority: authority.to_owned(),
            sender: None,
        }
    }

    /// GET with these further headers.
    pub(crate) async fn get(
        &mut self,
        address: &Address,
        headers: &HeaderMap,
    ) -> Result<Answer, Failure> {
        self.send(address, Method::GET, headers, Bytes::new()).await
    }

    /// POST of a form that is encoded already.
    pub(crate) async fn post(
        &mut self,
        address: &Address,
        headers: &HeaderMap,
        form: impl Into<Bytes>,
    ) -> Result<Answer, Failure> {
        let mut headers = headers.clone();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        self.send(address, Method::POST, &headers, form.into())
            .await
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(
        &mut self,
        address: &Address,
        method: Method,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Answer, Failure> {
        if address.authority != self.authority {
            return Err(Failure::new(format!(
                "{} is another server than {}",
                address.authority, self.authority
            )));
        }
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = address.path.clone();
        *request.headers_mut() = headers.clone();
        request
            .headers_mut()
            .insert(header::HOST, address.host.clone());
        let answer = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        let answer =
            answer.unwrap_or_else(|_| Err(Failure::new("no answer came within ten seconds")));
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        let sender = match self.sender.take() {
            Some(sender) if !sender.is_closed() => sender,
            _ => connect(&self.authority).await?,
        };
        let sender = self.sender.insert(sender);
        let broken = |_| Failure::new("the connection broke");
        sender.ready().await.map_err(broken)?;
        let response = sender.send_request(request).await.map_err(broken)?;
        let (parts, body) = response.into_parts();
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body: whole(body).await?,
        })
    }
}

async fn connect(authority: &str) -> Result<SendRequest<Full<Bytes>>, Failure> {
    let refused = |_| Failure::new(format!("{authority} takes no connection"));
    let stream = TcpStream::connect(authority).await.map_err(refused)?;
    stream
        .set_nodelay(true)
        .map_err(|_| Failure::new("a connection could not be set up"))?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Failure::new("a connection could not be set up"))?;
    tokio::spawn(connection);
    Ok(sender)
}

/// The body, which mostly comes in one piece.
async fn whole(mut body: Incoming) -> Result<Bytes, Failure> {
    let broken = |_| Failure::new("the answer broke off");
    let mut first = Bytes::new();
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        if first.is_empty() {
            first = data;
            continue;
        }
        if all.is_empty() {
            all.extend_from_slice(&first);
        }
        all.extend_from_slice(&data);
        if all.len() > LONGEST {
            return Err(Failure::new("the answer is longer than a mebibyte"));
        }
    }
    Ok(if all.is_empty() { first } else { all.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_port_means_port_80() {
        let address = Address::parse("http://a.example/x?y=1").unwrap();
        assert_eq!(address.authority, "a.example:80");
        assert_eq!(address.path, "/x?y=1");
        assert!(Address::parse("https://a.example/").is_err());
        assert!(Address::parse("/x").is_err());
    }

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let page = Address::parse("http://a.example:1/x/y?z=1").unwrap();
        let check = |reference: &str, expected: &str| {
            assert_eq!(page.join(reference).unwrap().path, expected, "{reference}");
        };
        check("/other", "/other");
        check("other", "/x/other");
        check("?q=2", "/x/y?q=2");
        check("", "/x/y");
        check("http://a.example:1/absolute", "/absolute");
    }
}
