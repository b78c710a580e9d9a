//! The sign-in screen.

use super::{
    answered::{cancel, finish},
    form::{Form, Visit},
    waiting::Open,
};
use crate::{
    client_address::ClientAddress,
    customer::failed,
    page::{PageError, wants_html},
    password::Guess,
    provider::{Provider, ProviderError},
    redirect::see_other,
    screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use http::HeaderMap;
use oidc::{authorization::append_query, scope::Scope};
use policy::profile::Person;
use store::{Customer, Pending};

/// How many people can be chosen with one click.
const MOST_ONE_CLICK: usize = 12;

/// What the sign-in page needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInView {
    /// Whose page it is.
    pub customer_id: String,
    /// The application that asks.
    pub client_name: String,
    /// What it says of itself.
    pub about: AboutClient,
    /// What to put into the e-mail field.
    pub login_hint: Option<String>,
    /// What the application asks for; `None` when somebody wants to see their
    /// account.
    pub requested: Option<Scope>,
    /// The people who can be chosen with one click; none when the visitor does
    /// not own the customer.
    pub one_click: Vec<Person>,
    /// How many more there are.
    pub more_people: usize,
    /// The password of those the customer began with, shown only together with
    /// them.
    pub password_note: Option<String>,
    /// The faults that are switched on, so that nobody is surprised by them.
    pub faults: Vec<&'static str>,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `interaction`.
    pub interaction: String,
    /// Where an account can be made.
    pub registration: String,
    /// Where a forgotten password is told.
    pub forgot_password: String,
    /// What is said above the form.
    pub message: Option<SignInMessage>,
}

/// Addresses of web pages that a client registered itself with. They are told,
/// not opened: nothing is known of what is there.
/// [Registration section 2](https://openid.net/specs/openid-connect-registration-1_0.html#ClientMetadata)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AboutClient {
    /// Its home page.
    pub home: Option<String>,
    /// Its picture.
    pub logo: Option<String>,
    /// What it does with data.
    pub policy: Option<String>,
    /// What it demands.
    pub terms: Option<String>,
}

/// What is said above the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInMessage {
    /// Nobody has this name and this password. Which of the two is wrong is not
    /// told.
    WrongCredentials,
    /// There were too many wrong ones.
    SlowDown,
    /// `resetPasswordSuccess`: the password was set anew.
    PasswordChanged,
}

impl SignInMessage {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::WrongCredentials => "credentials",
            Self::SlowDown => "slow_down",
            Self::PasswordChanged => "password_changed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [
            Self::WrongCredentials,
            Self::SlowDown,
            Self::PasswordChanged,
        ]
        .into_iter()
        .find(|message| message.as_str() == text)
    }
}

/// The screen of an interaction that is open in this browser.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Screen, PageError> {
    let Visit {
        customer,
        query,
        headers,
    } = Visit::take(&provider, &customer, request).await?;
    let interaction = query.get("interaction").unwrap_or_default();
    let open = provider
        .open_sign_in(&customer, interaction, &headers)
        .await?;
    let view = provider
        .sign_in_view(&customer, open, &headers)
        .await
        .map_err(|error| failed(&error, &customer.id))?;
    Ok(Screen::SignIn(Box::new(SignInView {
        message: query.get("message").and_then(SignInMessage::parse),
        ..view
    })))
}

impl Provider {
    async fn sign_in_view(
        &self,
        customer: &Customer,
        open: Open,
        headers: &HeaderMap,
    ) -> Result<SignInView, ProviderError> {
        let client = self
            .waiting_client(&customer.id, open.interaction.client_id.as_deref())
            .await?;
        let mut people = if self.may_be_anybody(customer, headers) {
            self.store().people(&customer.id).await?
        } else {
            Vec::new()
        };
        let more_people = people.len().saturating_sub(MOST_ONE_CLICK);
        people.truncate(MOST_ONE_CLICK);
        let screen = |name| self.screen_of(&customer.id, name, &open.key);
        Ok(SignInView {
            customer_id: customer.id.clone(),
            about: self.about(&customer.id, &client.id).await?,
            faults: self.fault_names(&customer.id, Some(&client.id)).await,
            client_name: client.name,
            login_hint: open.interaction.hint,
            requested: match open.interaction.pending {
                Pending::Authorization(request) => {
                    Some(Scope::parse(&request.scope.unwrap_or_default()).scope)
                }
                Pending::Profile { .. } | Pending::Logout(_) => None,
            },
            one_click: people,
            more_people,
            password_note: self.owned_password(customer, headers),
            action: format!("/{}/auth-ui/login", customer.id),
            registration: screen("registration"),
            forgot_password: screen("forgot-password"),
            interaction: open.key,
            message: None,
        })
    }
}

impl Provider {
    async fn about(&self, customer: &str, client: &str) -> Result<AboutClient, ProviderError> {
        let metadata = self.store().registered_metadata(customer, client).await?;
        let Some(metadata) = metadata else {
            return Ok(AboutClient::default());
        };
        let uri = |member| metadata.get(member)?.as_str().map(str::to_owned);
        Ok(AboutClient {
            home: uri("client_uri"),
            logo: uri("logo_uri"),
            policy: uri("policy_uri"),
            terms: uri("tos_uri"),
        })
    }
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
    let form = Form::take(&provider, &customer, request).await?;
    let customer = &form.customer;
    let open = provider
        .open_sign_in(customer, form.interaction(), &form.headers)
        .await?;
    if form.pressed("cancel") {
        return cancel(&provider, customer.clone(), &open).await;
    }
    let message = match provider.attempt(&form).await? {
        Attempt::Person(person) => {
            return finish(&provider, customer.clone(), &open, &person, &form.headers).await;
        }
        Attempt::Wrong => SignInMessage::WrongCredentials,
        Attempt::TooMany if wants_html(&form.headers) => SignInMessage::SlowDown,
        // Programs go by the status and by `Retry-After`, which beside a
        // redirect would mean that the redirect is to wait.
        // RFC 9110 section 10.2.3
        Attempt::TooMany => return Err(PageError::slow_down(&customer.id)),
    };
    let login = form.fields.get("email").map(str::trim);
    if let Some(login) = login.filter(|login| is_short(login)) {
        provider.remember_hint(customer, &open, login).await?;
    }
    let page = provider.screen_of(&customer.id, "login", &open.key);
    let page = append_query(&page, [("message", message.as_str())]);
    Ok(see_other(&page, None))
}

/// Whether a login may be kept in order to be shown again: no address is longer.
/// [RFC 5321 section 4.5.3.1.3](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3)
fn is_short(login: &str) -> bool {
    login.chars().count() <= 254 && !login.chars().any(char::is_control)
}

impl Provider {
    async fn attempt(&self, form: &Form) -> Result<Attempt, PageError> {
        let customer = &form.customer;
        let error = |error: ProviderError| failed(&error, &customer.id);
        if let Some(uuid) = form.fields.get("person") {
            if !self.may_be_anybody(customer, &form.headers) {
                return Ok(Attempt::Wrong);
            }
            let person = self.store().person(&customer.id, uuid).await;
            return Ok(match person.map_err(|e| error(e.into()))? {
                Some(person) => Attempt::Person(Box::new(person)),
                None => Attempt::Wrong,
            });
        }
        let (Some(login), Some(password)) = (form.fields.get("email"), form.fields.get("password"))
        else {
            return Ok(Attempt::Wrong);
        };
        self.check_password(customer, login.trim(), password, form.from)
            .await
            .map_err(error)
    }

    async fn check_password(
        &self,
        customer: &Customer,
        login: &str,
        password: &str,
        from: Option<ClientAddress>,
    ) -> Result<Attempt, ProviderError> {
        let guess = Guess::new(&customer.id, login, from);
        let turn = self.0.passwords.turn().await?;
        let now = self.now();
        if !self.0.brake.admits(&guess, now) {
            return Ok(Attempt::TooMany);
        }
        let known = self.store().credentials(&customer.id, login).await?;
        let hash = known.as_ref().map(|known| known.password_hash.clone());
        let right = turn.verify(hash, password.to_owned()).await?;
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
