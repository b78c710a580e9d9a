//! A site in memory, and browsers to visit it with.

use crate::insecure_keys::insecure_keys;
use app::ssr::AppContext;
use axum::{Router, body::Body};
use http::{HeaderMap, Request, Response, StatusCode, header};
use oidc::time::{Clock, ManualClock, UnixTime};
use playground::Playground;
use provider::{Provider, Settings};
use relying_party::{
    flow::RelyingParty,
    http::{BoxFuture, HttpClient, SendError},
};
use server::{AppState, Limits, Parts, config::PublicUrl, leptos_options};
use std::{collections::BTreeMap, path::Path, sync::Arc};
use store::Store;
use tower::ServiceExt as _;

/// Where the site in memory believes to be.
pub(crate) const PUBLIC_URL: &str = "http://127.0.0.1:3000";
/// 2026-11-21T20:46:05Z.
const NOW: UnixTime = UnixTime(1_795_293_965);

/// The real router, with a database in memory and a clock that stands still.
pub(crate) struct Site {
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) playground: Playground,
    pub(crate) clock: Arc<ManualClock>,
    directory: tempfile::TempDir,
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::at(PUBLIC_URL).await
    }

    pub(crate) async fn at(public_url: &str) -> Self {
        Self::with(public_url, None).await
    }

    /// One that nobody may ask too often.
    pub(crate) async fn with_limits() -> Self {
        Self::with(PUBLIC_URL, Some(Arc::default())).await
    }

    async fn with(public_url: &str, limits: Option<Arc<Limits>>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open("sqlite::memory:").await.unwrap();
        let clock = Arc::new(ManualClock::new(NOW));
        let shared: Arc<dyn Clock> = clock.clone();
        let settings = Settings {
            public_url: public_url.to_owned(),
            demo: true,
            loopback: public_url == PUBLIC_URL,
            ..Settings::default()
        };
        let make = insecure_keys();
        let make = move |algorithm| Ok(make(algorithm));
        let provider = Provider::open_with_keys(store.clone(), shared.clone(), settings, make)
            .await
            .unwrap();
        let network = InMemory {
            provider: provider.router(),
            public_url: public_url.to_owned(),
        };
        let playground = Playground::new(
            store.clone(),
            provider.clone(),
            RelyingParty::new(Arc::new(network), shared.clone()),
            shared.clone(),
            public_url.to_owned(),
        );
        let router = server::router(AppState::from(Parts {
            leptos: leptos_options(directory.path()),
            context: AppContext {
                playground: playground.clone(),
                provider,
            },
            store: store.clone(),
            clock: shared,
            public_url: PublicUrl::parse(public_url).unwrap(),
            limits,
        }));
        Self {
            router,
            store,
            playground,
            clock,
            directory,
        }
    }

    /// Where the files of the built site are.
    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    /// Somebody who was never here.
    pub(crate) fn visitor(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Page {
        Page::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }
}

/// The network the relying party uses: there is only the provider.
struct InMemory {
    provider: Router,
    public_url: String,
}

impl HttpClient for InMemory {
    fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<Response<Vec<u8>>, SendError>> {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let address = parts.uri.to_string();
            let path = address.strip_prefix(&self.public_url).unwrap();
            parts.uri = path.parse().unwrap();
            let request = Request::from_parts(parts, Body::from(body));
            let response = self.provider.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Ok(Response::from_parts(parts, body.to_vec()))
        })
    }
}

/// A browser: it keeps cookies and says where a request comes from. It does not
/// follow redirects by itself.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) async fn get(&mut self, address: &str) -> Page {
        self.send(Request::get(path_of(address)), Body::empty())
            .await
    }

    pub(crate) async fn post(&mut self, address: &str, pairs: &[(String, String)]) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        let request = Request::post(path_of(address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, PUBLIC_URL)
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(form.finish())).await
    }

    /// Sends a form with a file, as browsers do.
    pub(crate) async fn upload(&mut self, address: &str, parts: &[(&str, &str)]) -> Page {
        let part = |(name, text): &(&str, &str)| {
            let file = if *name == "file" {
                "; filename=\"a.toml\""
            } else {
                ""
            };
            format!(
                "--b\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
            )
        };
        let body: String = parts
            .iter()
            .map(part)
            .chain(["--b--\r\n".to_owned()])
            .collect();
        let request = Request::post(path_of(address))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .header(header::ORIGIN, PUBLIC_URL)
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// Goes where redirects lead, as long as they stay on the site.
    pub(crate) async fn follow(&mut self, mut page: Page) -> Page {
        while page.status.is_redirection() {
            let location = page.location().to_owned();
            page = self.get(&location).await;
        }
        page
    }

    async fn send(&mut self, request: http::request::Builder, body: Body) -> Page {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = request.header(header::ACCEPT, "text/html,*/*;q=0.8");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let page = Page::of(response).await;
        for line in page.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }
}

fn path_of(address: &str) -> &str {
    match address.strip_prefix(PUBLIC_URL) {
        Some("") => "/",
        Some(path) => path,
        None => address,
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// What a person reads.
    pub(crate) fn text(&self) -> String {
        crate::html::text(&self.body)
    }

    pub(crate) fn is_html(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }
}
