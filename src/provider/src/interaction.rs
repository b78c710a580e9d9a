//! Asking the person: what the sign-in page shows and what its form does.

use crate::{
    authorization::{Checked, Received},
    client_address::ClientAddress,
    cookie,
    customer::failed,
    page::{PageError, wants_html},
    parameters::Parameters,
    password::Guess,
    provider::{Provider, ProviderError},
    random,
    redirect::see_other,
    seed::Seed,
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use http::{HeaderMap, header};
use oidc::{authorization::append_query, scope::Scope};
use policy::profile::Person;
use store::{Customer, CustomerKind, Interaction, Pending, Session};

/// How long a person may take to sign in, in seconds.
const INTERACTION_LIFETIME: i64 = 1800;
/// How long a sign-in is remembered, in seconds: half a day.
const SESSION_LIFETIME: i64 = 43_200;

/// What the sign-in page needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInView {
    /// Whose page it is.
    pub customer_id: String,
    /// The application that asks.
    pub client_name: String,
    /// What to put into the e-mail field.
    pub login_hint: Option<String>,
    /// What the application asks for.
    pub requested: Scope,
    /// The people who can be chosen with one click; none when the visitor does
    /// not own the customer.
    pub one_click: Vec<Person>,
    /// The password of all of them, shown only together with them.
    pub password_note: Option<String>,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `interaction`.
    pub interaction: String,
}

impl Provider {
    /// What the sign-in page shows for an interaction that is open in this browser.
    ///
    /// # Errors
    /// When the interaction is over, unknown, or belongs to another browser.
    pub async fn sign_in_view(
        &self,
        customer: &str,
        interaction: &str,
        headers: &HeaderMap,
    ) -> Result<SignInView, PageError> {
        let customer = self.customer_or_page(customer, headers).await?;
        let (open, _) = self
            .open_interaction(&customer, interaction, headers)
            .await?;
        self.view(&customer, interaction, open, headers)
            .await
            .map_err(|error| failed(&error, &customer.id))
    }

    async fn view(
        &self,
        customer: &Customer,
        interaction: &str,
        open: Interaction,
        headers: &HeaderMap,
    ) -> Result<SignInView, ProviderError> {
        let Pending::Authorization(request) = open.pending else {
            return Err(ProviderError::Dangling("the authorization request"));
        };
        let client = match &open.client_id {
            Some(id) => self.store().client(&customer.id, id).await?,
            None => None,
        }
        .ok_or(ProviderError::Dangling("the client"))?;
        let owned = self.owned_seed(customer, headers);
        let one_click = match &owned {
            Some(_) => self.store().people(&customer.id).await?,
            None => Vec::new(),
        };
        Ok(SignInView {
            customer_id: customer.id.clone(),
            client_name: client.name,
            login_hint: open.hint,
            requested: Scope::parse(&request.scope.unwrap_or_default()).scope,
            one_click,
            password_note: owned.map(|seed| seed.password),
            action: format!("/{}/auth-ui/login", customer.id),
            interaction: interaction.to_owned(),
        })
    }

    /// Signs a person in as if they had been chosen on the sign-in page, and
    /// returns the `Set-Cookie` value; `None` when there is no such person.
    /// The caller must have made sure that the visitor owns the customer.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_in(
        &self,
        customer: &str,
        person: &str,
    ) -> Result<Option<String>, ProviderError> {
        match self.store().person(customer, person).await? {
            None => Ok(None),
            Some(person) => {
                let (_, cookie) = self.begin_session(customer, &person, None).await?;
                Ok(Some(cookie))
            }
        }
    }

    /// Makes a session under a key nobody had before. The browser's former
    /// session, if there is one, ends: no session survives a sign-in.
    async fn begin_session(
        &self,
        customer: &str,
        person: &Person,
        headers: Option<&HeaderMap>,
    ) -> Result<(Session, String), ProviderError> {
        let base = cookie::session(customer);
        if let Some(headers) = headers {
            for key in cookie::values(headers, &base, self.secure()) {
                self.store().delete_session(customer, key).await?;
            }
        }
        let now = self.now();
        let session = Session {
            customer_id: customer.to_owned(),
            person_id: person.profile.uuid.clone(),
            sid: random::key(),
            auth_time: now,
            expires_at: now.plus(SESSION_LIFETIME),
        };
        let key = random::key();
        self.store().insert_session(&key, &session).await?;
        tracing::info!(customer, person = session.person_id, "signed in");
        Ok((session, cookie::set(&base, &key, self.secure(), None)))
    }

    /// The browser's session, if it is still good.
    pub(crate) async fn session(
        &self,
        customer: &str,
        headers: &HeaderMap,
    ) -> Result<Option<Session>, ProviderError> {
        let base = cookie::session(customer);
        for key in cookie::values(headers, &base, self.secure()) {
            if let Some(session) = self.store().session(customer, key, self.now()).await? {
                return Ok(Some(session));
            }
        }
        Ok(None)
    }

    /// Keeps a request until the person has signed in, and sends the browser to
    /// the sign-in page.
    pub(crate) async fn ask(
        &self,
        checked: &Checked<'_>,
        headers: &HeaderMap,
    ) -> Result<Response, ProviderError> {
        let browser = cookie::values(headers, cookie::BROWSER, self.secure())
            .find(|value| is_key(value))
            .map(str::to_owned);
        let cookie = browser.is_none();
        let browser = browser.unwrap_or_else(random::key);
        let key = random::key();
        let now = self.now();
        self.store()
            .insert_interaction(
                &key,
                &Interaction {
                    customer_id: checked.customer.id.clone(),
                    client_id: Some(checked.client.id.clone()),
                    pending: Pending::Authorization(Box::new(checked.request.clone())),
                    hint: checked.request.login_hint.clone(),
                    browser: browser.clone(),
                    created_at: now,
                    expires_at: now.plus(INTERACTION_LIFETIME),
                },
            )
            .await?;
        let cookie = cookie.then(|| cookie::set(cookie::BROWSER, &browser, self.secure(), None));
        let page = self.sign_in_page(&checked.customer.id, &key, None);
        Ok(see_other(&page, cookie.as_deref()))
    }

    fn sign_in_page(&self, customer: &str, interaction: &str, problem: Option<&str>) -> String {
        let problem = problem.map(|problem| ("problem", problem));
        append_query(
            &format!("{}/auth-ui/login", self.base(customer)),
            [("interaction", interaction)].into_iter().chain(problem),
        )
    }

    /// The interaction and the browser secret it belongs to.
    async fn open_interaction(
        &self,
        customer: &Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<(Interaction, String), PageError> {
        for browser in cookie::values(headers, cookie::BROWSER, self.secure()) {
            let found = self
                .store()
                .interaction(&customer.id, key, browser, self.now())
                .await
                .map_err(|error| failed(&error.into(), &customer.id))?;
            if let Some(interaction) = found {
                return Ok((interaction, browser.to_owned()));
            }
        }
        Err(PageError::interaction_gone(&customer.id))
    }

    /// The customer's seed when the visitor may act as any of its people:
    /// everybody at the demo, only the owner at a sandbox.
    fn owned_seed(&self, customer: &Customer, headers: &HeaderMap) -> Option<Seed> {
        match customer.kind {
            CustomerKind::Demo => Some(Seed::demo(self.public_url())),
            CustomerKind::Sandbox => self.own_seed(&customer.id, headers),
            CustomerKind::Fixture => None,
        }
    }
}

fn is_key(value: &str) -> bool {
    value.len() == 43
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether a POST may come from another site.
///
/// `Sec-Fetch-Site` is what browsers say and pages cannot forge; `Origin` is
/// what older browsers have. Neither: no browser, and then no cookie either.
/// A path of the own origin is not a proof, so that `same-site` is refused too.
fn is_cross_site(headers: &HeaderMap, public_url: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    headers.get(header::ORIGIN).is_some_and(|origin| {
        !origin
            .as_bytes()
            .eq_ignore_ascii_case(public_url.as_bytes())
    })
}

/// How the form was answered.
enum Attempt {
    /// Somebody proved who they are.
    Person(Box<Person>),
    /// Wrong, in a way that is not told.
    Wrong,
    /// Not looked at: there were too many wrong ones before.
    TooMany,
}

/// The sign-in form.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers().clone();
    let from = ClientAddress::of(request.extensions());
    if is_cross_site(&headers, provider.public_url()) {
        return Err(PageError::cross_site(&customer));
    }
    let customer = provider.customer_or_page(&customer, &headers).await?;
    let form = Parameters::form(request)
        .await
        .map_err(|error| PageError::bad_form(&customer.id, error.status()))?;
    let key = form.get("interaction").unwrap_or_default();
    let (_, browser) = provider.open_interaction(&customer, key, &headers).await?;
    if form.get("action") == Some("cancel") {
        let checked = take(&provider, customer, key, &browser).await?;
        return Ok(match checked {
            Ok(checked) => checked.cancelled().deliver(None),
            Err(response) => response,
        });
    }
    let problem = match provider.attempt(&customer, &form, &headers, from).await? {
        Attempt::Person(person) => {
            return finish(&provider, customer, key, &browser, &person, &headers).await;
        }
        Attempt::Wrong => "credentials",
        Attempt::TooMany if wants_html(&headers) => "slow_down",
        // Programs go by the status and by `Retry-After`, which beside a
        // redirect would mean that the redirect is to wait.
        // RFC 9110 section 10.2.3
        Attempt::TooMany => return Err(PageError::slow_down(&customer.id)),
    };
    if let Some(login) = form.get("email").map(str::trim).filter(|l| is_short(l)) {
        provider
            .store()
            .set_interaction_hint(&customer.id, key, &browser, login, provider.now())
            .await
            .map_err(|error| failed(&error.into(), &customer.id))?;
    }
    let page = provider.sign_in_page(&customer.id, key, Some(problem));
    Ok(see_other(&page, None))
}

/// Whether a login may be kept in order to be shown again: no address is longer.
/// [RFC 5321 section 4.5.3.1.3](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3)
fn is_short(login: &str) -> bool {
    login.chars().count() <= 254 && !login.chars().any(char::is_control)
}

/// Takes the interaction, so that it can end only once, and checks its request
/// anew.
async fn take<'p>(
    provider: &'p Provider,
    customer: Customer,
    key: &str,
    browser: &str,
) -> Result<Result<Checked<'p>, Response>, PageError> {
    let taken = provider
        .store()
        .take_interaction(&customer.id, key, browser, provider.now())
        .await
        .map_err(|error| failed(&error.into(), &customer.id))?
        .ok_or_else(|| PageError::interaction_gone(&customer.id))?;
    let Pending::Authorization(request) = taken.pending else {
        return Err(PageError::interaction_gone(&customer.id));
    };
    let checked = Received::again(provider, customer, *request)
        .know_client()
        .await?
        .match_redirect_uri()?
        .check()
        .await;
    Ok(checked.map_err(|error| error.into_response().deliver(None)))
}

async fn finish(
    provider: &Provider,
    customer: Customer,
    key: &str,
    browser: &str,
    person: &Person,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let checked = match take(provider, customer, key, browser).await? {
        Ok(checked) => checked,
        Err(response) => return Ok(response),
    };
    let begun = provider
        .begin_session(&checked.customer.id, person, Some(headers))
        .await;
    let (session, cookie) = match begun {
        Ok(begun) => begun,
        Err(error) => return Ok(checked.failed(&error).into_response().deliver(None)),
    };
    Ok(checked.answer(session).await.deliver(Some(&cookie)))
}

impl Provider {
    async fn attempt(
        &self,
        customer: &Customer,
        form: &Parameters,
        headers: &HeaderMap,
        from: Option<ClientAddress>,
    ) -> Result<Attempt, PageError> {
        let error = |error: ProviderError| failed(&error, &customer.id);
        if let Some(uuid) = form.get("person") {
            if self.owned_seed(customer, headers).is_none() {
                return Ok(Attempt::Wrong);
            }
            let person = self.store().person(&customer.id, uuid).await;
            return Ok(match person.map_err(|e| error(e.into()))? {
                Some(person) => Attempt::Person(Box::new(person)),
                None => Attempt::Wrong,
            });
        }
        let (Some(login), Some(password)) = (form.get("email"), form.get("password")) else {
            return Ok(Attempt::Wrong);
        };
        let login = login.trim();
        let guess = Guess::new(&customer.id, login, from);
        let turn = self.0.passwords.turn().await.map_err(|e| error(e.into()))?;
        let now = self.now();
        if !self.0.brake.admits(&guess, now) {
            return Ok(Attempt::TooMany);
        }
        let known = self
            .store()
            .credentials(&customer.id, login)
            .await
            .map_err(|e| error(e.into()))?;
        let hash = known.as_ref().map(|known| known.password_hash.clone());
        let right = turn
            .verify(hash, password.to_owned())
            .await
            .map_err(|e| error(e.into()))?;
        match known {
            Some(known) if right => {
                self.0.brake.forget(&guess);
                Ok(Attempt::Person(Box::new(known.person)))
            }
            _ => {
                self.0.brake.count(guess, now);
                Ok(Attempt::Wrong)
            }
        }
    }
}
