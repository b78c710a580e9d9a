//! The Create Account screen, `traditionalRegistration`.
// Inferred: the fields beyond e-mail address and password (domain notes,
// section 9).

use super::{
    answered::cancel,
    field::Field,
    form::{Form, Visit},
    waiting::Open,
};
use crate::{
    client_address::ClientAddress,
    customer::failed,
    page::{PageError, wants_html},
    parameters::Parameters,
    provider::{Provider, ProviderError},
    redirect::see_other,
    screen::Screen,
    uuid,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use policy::profile::{Person, Profile, is_email};
use store::{Credentials, Customer, StoreError};

/// What the Create Account screen needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistrationView {
    /// The application behind it.
    pub client_name: String,
    /// Whether everybody may see and change the new account.
    pub public: bool,
    /// What keeps the account from being made, other than a field.
    pub refusal: Option<Refusal>,
    /// `email`.
    pub email: Field,
    /// `password`.
    pub password: Field,
    /// `givenName`.
    pub given_name: Field,
    /// `familyName`.
    pub family_name: Field,
    /// `displayName`, which may stay empty.
    pub display_name: Field,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `interaction`.
    pub interaction: String,
    /// Where people go who have an account.
    pub sign_in: String,
}

/// What keeps an account from being made, other than a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The address it comes from tried too often.
    SlowDown,
    /// The customer has as many people as it may have.
    Full,
}

impl RegistrationView {
    fn of(form: &Parameters) -> Self {
        Self {
            email: Field::email(form),
            password: Field::new_password(form),
            given_name: required(form, "givenName", "Enter your given name."),
            family_name: required(form, "familyName", "Enter your family name."),
            display_name: Field::line(form, "displayName"),
            ..Self::default()
        }
    }

    /// Whether something is wrong with one of the fields.
    #[must_use]
    pub fn has_problem(&self) -> bool {
        [
            &self.email,
            &self.password,
            &self.given_name,
            &self.family_name,
            &self.display_name,
        ]
        .into_iter()
        .any(|field| field.problem.is_some())
    }

    /// The person it makes. Nothing is verified: no mail is sent.
    fn person(&self, provider: &Provider) -> Person {
        Person {
            username: None,
            description: "Signed up on the Create Account page.".to_owned(),
            profile: Profile {
                uuid: uuid::random(),
                given_name: self.given_name.value.clone(),
                family_name: self.family_name.value.clone(),
                display_name: self.display_name.value.clone(),
                email: self.email.value.clone(),
                last_updated: provider.now().0,
                ..Profile::default()
            },
        }
    }
}

fn required(form: &Parameters, name: &str, missing: &'static str) -> Field {
    let field = Field::line(form, name);
    let empty = field.value.is_empty();
    field.refuse_if(empty, missing)
}

/// The empty form.
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
    let key = query.get("interaction").unwrap_or_default();
    let open = provider.open_sign_in(&customer, key, &headers).await?;
    let hint = open.interaction.hint.clone().unwrap_or_default();
    let mut view = RegistrationView::default();
    if is_email(&hint) {
        view.email = Field::of(&hint);
    }
    provider.show(&customer, &open, view).await
}

/// The filled-in form.
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
    let mut view = RegistrationView::of(&form.fields);
    if !view.has_problem() {
        match provider
            .register(&form, &view)
            .await
            .map_err(|error| failed(&error, &customer.id))?
        {
            Registered::Person(person) => {
                return provider
                    .welcome(customer, &open, &person, &form.headers)
                    .await
                    .map_err(|error| failed(&error, &customer.id));
            }
            Registered::Taken => {
                view.email.problem = Some(
                    "An account with this email address exists already. Sign in, or use another address.",
                );
            }
            Registered::Refused(refusal) => view.refusal = Some(refusal),
        }
    }
    if view.refusal == Some(Refusal::SlowDown) && !wants_html(&form.headers) {
        return Err(PageError::slow_down(&customer.id));
    }
    let screen = provider.show(customer, &open, view).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, screen).into_response())
}

/// What became of a sign-up.
enum Registered {
    Person(Box<Person>),
    Taken,
    Refused(Refusal),
}

impl Provider {
    async fn show(
        &self,
        customer: &Customer,
        open: &Open,
        view: RegistrationView,
    ) -> Result<Screen, PageError> {
        let client = self
            .waiting_client(&customer.id, open.interaction.client_id.as_deref())
            .await
            .map_err(|error| failed(&error, &customer.id))?;
        Ok(Screen::Registration(Box::new(RegistrationView {
            client_name: client.name,
            public: customer.kind == store::CustomerKind::Demo,
            action: format!("/{}/auth-ui/registration", customer.id),
            interaction: open.key.clone(),
            sign_in: self.screen_of(&customer.id, "login", &open.key),
            ..view
        })))
    }

    /// Makes the person, unless there is somebody with this address.
    ///
    /// That an address is taken is told: an account that works at once, without
    /// a mail being read, cannot hide it. Every try counts like a wrong password
    /// does, so that nobody asks for many addresses in this way.
    async fn register(
        &self,
        form: &Form,
        view: &RegistrationView,
    ) -> Result<Registered, ProviderError> {
        let customer = &form.customer.id;
        let turn = self.0.passwords.turn().await?;
        if !self.admits(form.from) {
            return Ok(Registered::Refused(Refusal::SlowDown));
        }
        self.count(form.from);
        let email = &view.email.value;
        if self.store().credentials(customer, email).await?.is_some() {
            return Ok(Registered::Taken);
        }
        let password = form.fields.get("password").unwrap_or_default().to_owned();
        let new = Credentials {
            password_hash: turn.hash(password).await?,
            person: view.person(self),
        };
        match self.store().insert_person(customer, &new).await {
            Ok(true) => {
                tracing::info!(customer, person = new.person.profile.uuid, "signed up");
                Ok(Registered::Person(Box::new(new.person)))
            }
            Ok(false) => Ok(Registered::Taken),
            Err(StoreError::Full(_)) => Ok(Registered::Refused(Refusal::Full)),
            Err(error) => Err(error.into()),
        }
    }

    fn admits(&self, from: Option<ClientAddress>) -> bool {
        self.0.brake.admits_address(from, self.now())
    }

    fn count(&self, from: Option<ClientAddress>) {
        self.0.brake.count_address(from, self.now());
    }

    /// Signs the new person in, and leads to the screen that says so. What
    /// waited goes on from there.
    async fn welcome(
        &self,
        customer: &Customer,
        open: &Open,
        person: &Person,
        headers: &HeaderMap,
    ) -> Result<Response, ProviderError> {
        let (_, cookie) = self
            .begin_session(&customer.id, person, Some(headers))
            .await?;
        let page = self.screen_of(&customer.id, "account-created", &open.key);
        Ok(see_other(&page, Some(&cookie)))
    }
}
