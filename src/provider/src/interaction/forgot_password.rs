//! The Password Reset screen: asks for the address and sends a mail.
//!
//! This provider sends no mail. It shows it on the screen instead, to those who
//! may act as the person anyway; everybody else sees the same sentence whether
//! there is such a person or not, and no link exists.

use super::form::{Form, Visit};
use crate::{
    customer::failed,
    interaction::field::Field,
    page::{PageError, wants_html},
    password::Guess,
    provider::{Provider, ProviderError},
    random,
    screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use oidc::authorization::append_query;
use policy::profile::{Person, is_email};
use store::Customer;

/// How long the link in the mail works, in minutes.
pub const LINK_MINUTES: i64 = 15;

/// What the Password Reset screen needs to know before an address is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForgotPasswordView {
    /// Whether the person comes with a link that no longer works:
    /// `resetPasswordCodeExchange`.
    pub link_is_over: bool,
    /// Whether too many mails were asked for.
    pub slow_down: bool,
    /// `email`.
    pub email: Field,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `interaction`; empty when no sign-in waits.
    pub interaction: String,
    /// Where "Cancel Request" leads, if a sign-in waits.
    pub sign_in: Option<String>,
}

/// What it needs to know afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSentView {
    /// The address that was typed.
    pub email: String,
    /// What becomes of the mail.
    pub mail: Mail,
    /// Where the sign-in that waits is.
    pub sign_in: Option<String>,
}

/// What becomes of the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    /// It is shown to this visitor.
    Shown {
        /// What the person is called.
        name: String,
        /// Where the new password is set.
        link: String,
    },
    /// This visitor may see mails, and nobody has the address.
    Nobody,
    /// This visitor may not see mails.
    Hidden,
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
    let asking = Asking::new(&provider, &customer, key, &headers).await?;
    Ok(asking.screen(ForgotPasswordView {
        email: Field::of(&asking.hint),
        ..ForgotPasswordView::default()
    }))
}

/// The filled-in form.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let form = Form::take(&provider, &customer, request).await?;
    let customer = &form.customer;
    let asking = Asking::new(&provider, customer, form.interaction(), &form.headers).await?;
    let email = Field::email(&form.fields);
    if email.problem.is_some() {
        let screen = asking.screen(ForgotPasswordView {
            email,
            ..ForgotPasswordView::default()
        });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, screen).into_response());
    }
    let guess = Guess::at_a_reset(&customer.id, &email.value, form.from);
    if !provider.0.brake.admits(&guess, provider.now()) {
        return too_many(&asking, email, &form.headers);
    }
    provider.0.brake.count(guess, provider.now());
    let mail = provider
        .send(&form, &email.value)
        .await
        .map_err(|error| failed(&error, &customer.id))?;
    let view = MailSentView {
        email: email.value,
        mail,
        sign_in: asking.sign_in,
    };
    Ok(Screen::MailSent(Box::new(view)).into_response())
}

fn too_many(asking: &Asking<'_>, email: Field, headers: &HeaderMap) -> Result<Response, PageError> {
    if !wants_html(headers) {
        return Err(PageError::slow_down(&asking.customer.id));
    }
    let screen = asking.screen(ForgotPasswordView {
        slow_down: true,
        email,
        ..ForgotPasswordView::default()
    });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, screen).into_response())
}

/// Somebody who forgot their password, with or without a sign-in that waits.
pub(super) struct Asking<'a> {
    customer: &'a Customer,
    /// Empty when no sign-in waits in this browser.
    interaction: String,
    /// What they last typed as their address.
    hint: String,
    pub(super) sign_in: Option<String>,
}

impl<'a> Asking<'a> {
    pub(super) async fn new(
        provider: &Provider,
        customer: &'a Customer,
        key: &str,
        headers: &HeaderMap,
    ) -> Result<Self, PageError> {
        let open = provider.find_open_sign_in(customer, key, headers).await?;
        let (interaction, hint) = open
            .map(|open| (open.key, open.interaction.hint.unwrap_or_default()))
            .unwrap_or_default();
        Ok(Self {
            customer,
            sign_in: (!interaction.is_empty())
                .then(|| provider.screen_of(&customer.id, "login", &interaction)),
            interaction,
            hint: if is_email(&hint) { hint } else { String::new() },
        })
    }

    pub(super) fn screen(&self, view: ForgotPasswordView) -> Screen {
        Screen::ForgotPassword(Box::new(ForgotPasswordView {
            action: format!("/{}/auth-ui/forgot-password", self.customer.id),
            interaction: self.interaction.clone(),
            sign_in: self.sign_in.clone(),
            ..view
        }))
    }

    /// The screen for a link that was used or is too old.
    pub(super) fn link_is_over(&self) -> Response {
        let screen = self.screen(ForgotPasswordView {
            link_is_over: true,
            ..ForgotPasswordView::default()
        });
        (StatusCode::BAD_REQUEST, screen).into_response()
    }
}

impl Provider {
    async fn send(&self, form: &Form, email: &str) -> Result<Mail, ProviderError> {
        let customer = &form.customer;
        let known = self.store().credentials(&customer.id, email).await?;
        if !self.may_be_anybody(customer, &form.headers) {
            return Ok(Mail::Hidden);
        }
        // A name to sign in with may look like an address.
        let Some(person) = known
            .map(|known| known.person)
            .filter(|person| person.profile.email.to_lowercase() == email.to_lowercase())
        else {
            return Ok(Mail::Nobody);
        };
        let link = self
            .reset_link(customer, &person, form.interaction())
            .await?;
        Ok(Mail::Shown {
            name: person.profile.full_name(),
            link,
        })
    }

    async fn reset_link(
        &self,
        customer: &Customer,
        person: &Person,
        interaction: &str,
    ) -> Result<String, ProviderError> {
        let code = random::key();
        let until = self.now().plus(LINK_MINUTES * 60);
        self.store()
            .insert_password_reset(&customer.id, &code, &person.profile.uuid, until)
            .await?;
        tracing::info!(
            customer = customer.id,
            person = person.profile.uuid,
            "made a link to set a password"
        );
        let waits = (!interaction.is_empty()).then_some(("interaction", interaction));
        Ok(append_query(
            &format!("{}/auth-ui/reset-password", self.base(&customer.id)),
            [("code", code.as_str())].into_iter().chain(waits),
        ))
    }
}
