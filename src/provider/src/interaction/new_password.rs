//! The screen a mail about a forgotten password leads to.

use super::{
    field::Field,
    forgot_password::Asking,
    form::{Form, Visit},
    notice::Notice,
    sign_in::SignInMessage,
};
use crate::{
    customer::failed,
    page::PageError,
    parameters::Parameters,
    provider::{Provider, ProviderError},
    redirect::see_other,
    screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use oidc::authorization::append_query;

/// What the screen for a new password needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasswordView {
    /// Whose password it is.
    pub email: String,
    /// `password`.
    pub password: Field,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `code`.
    pub code: String,
    /// The value of the form's field `interaction`; may be empty.
    pub interaction: String,
}

/// The empty form, if the link still works.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let Visit {
        customer,
        query,
        headers,
    } = Visit::take(&provider, &customer, request).await?;
    let view = provider
        .new_password_view(&customer.id, &query, Field::default())
        .await
        .map_err(|error| failed(&error, &customer.id))?;
    if let Some(view) = view {
        return Ok(Screen::NewPassword(Box::new(view)).into_response());
    }
    let key = query.get("interaction").unwrap_or_default();
    let asking = Asking::new(&provider, &customer, key, &headers).await?;
    Ok(asking.link_is_over())
}

/// The filled-in form.
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let form = Form::take(&provider, &customer, request).await?;
    let customer = &form.customer;
    let changed = provider
        .change_password(&form)
        .await
        .map_err(|error| failed(&error, &customer.id))?;
    let asking = Asking::new(&provider, customer, form.interaction(), &form.headers).await?;
    Ok(match changed {
        Changed::Again(view) => {
            let screen = Screen::NewPassword(Box::new(view));
            (StatusCode::UNPROCESSABLE_ENTITY, screen).into_response()
        }
        Changed::TooLate => asking.link_is_over(),
        Changed::Yes => match asking.sign_in {
            Some(sign_in) => {
                let message = SignInMessage::PasswordChanged.as_str();
                see_other(&append_query(&sign_in, [("message", message)]), None)
            }
            None => Notice::PasswordChanged.into_response(),
        },
    })
}

/// What became of a new password.
enum Changed {
    Yes,
    /// The link was used, or is too old.
    TooLate,
    /// Something is wrong with it.
    Again(NewPasswordView),
}

impl Provider {
    /// `None` when the link no longer works.
    async fn new_password_view(
        &self,
        customer: &str,
        sent: &Parameters,
        password: Field,
    ) -> Result<Option<NewPasswordView>, ProviderError> {
        let code = sent.get("code").unwrap_or_default();
        let now = self.now();
        let Some(uuid) = self.store().password_reset(customer, code, now).await? else {
            return Ok(None);
        };
        let person = self.store().person(customer, &uuid).await?;
        Ok(person.map(|person| NewPasswordView {
            email: person.profile.email,
            password,
            action: format!("/{customer}/auth-ui/reset-password"),
            code: code.to_owned(),
            interaction: sent.get("interaction").unwrap_or_default().to_owned(),
        }))
    }

    /// Sets the password and ends the person's sessions, if the link still
    /// works; of two who use it at once one gets it.
    async fn change_password(&self, form: &Form) -> Result<Changed, ProviderError> {
        let customer = &form.customer.id;
        let field = Field::new_password(&form.fields);
        let refused = field.problem.is_some();
        // Before the work is done: whoever has no link costs nothing.
        let Some(view) = self
            .new_password_view(customer, &form.fields, field)
            .await?
        else {
            return Ok(Changed::TooLate);
        };
        if refused {
            return Ok(Changed::Again(view));
        }
        let password = form.fields.get("password").unwrap_or_default().to_owned();
        let hash = self.0.passwords.hash(password).await?;
        let now = self.now();
        let set = self
            .store()
            .reset_password(customer, &view.code, &hash, now);
        let Some(person) = set.await? else {
            return Ok(Changed::TooLate);
        };
        tracing::info!(customer, person, "set a new password");
        Ok(Changed::Yes)
    }
}
