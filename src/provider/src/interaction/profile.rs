//! The account page, `manageProfile`: the personal data of whoever is signed in.

use super::{field::Field, form::Form, session::SignedIn};
use crate::{
    customer::failed,
    page::PageError,
    parameters::Parameters,
    provider::{Provider, ProviderError},
    redirect::{is_registered, see_other},
    screen::Screen,
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use oidc::authorization::append_query;
use policy::{
    client::Client,
    profile::{Person, Profile},
};
use store::{Customer, Pending};

/// What the account page needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileView {
    /// The application it belongs to.
    pub client_name: String,
    /// Whether something was saved a moment ago.
    pub saved: bool,
    /// `email`.
    pub email: Field,
    /// Whether the address is verified.
    pub email_verified: bool,
    /// `givenName`.
    pub given_name: Field,
    /// `middleName`.
    pub middle_name: Field,
    /// `familyName`.
    pub family_name: Field,
    /// `nickname`.
    pub nickname: Field,
    /// `displayName`.
    pub display_name: Field,
    /// `birthday`, as YYYY-MM-DD.
    pub birthday: Field,
    /// `gender`.
    pub gender: Field,
    /// `mobileNumber`.
    pub mobile_number: Field,
    /// Whether the number is verified.
    pub mobile_number_verified: bool,
    /// `address1`.
    pub address1: Field,
    /// `address2`.
    pub address2: Field,
    /// `city`.
    pub city: Field,
    /// `stateAbbreviation`.
    pub state_abbreviation: Field,
    /// `zip`.
    pub zip: Field,
    /// `country`.
    pub country: Field,
    /// Where the form is posted to.
    pub action: String,
    /// The value of the form's field `client_id`.
    pub client_id: String,
    /// The value of the form's field `redirect_uri`, if the page was opened
    /// with one: where "Back to App" leads.
    pub redirect_uri: Option<String>,
    /// The value of the form's field `token`.
    pub token: String,
    /// Where "Logout" leads.
    pub logout: String,
}

impl ProfileView {
    /// What is kept.
    fn kept(profile: &Profile) -> Self {
        let address = &profile.primary_address;
        Self {
            email: Field::of(&profile.email),
            email_verified: profile.email_verified.is_some(),
            given_name: Field::of(&profile.given_name),
            middle_name: Field::of(&profile.middle_name),
            family_name: Field::of(&profile.family_name),
            nickname: Field::of(&profile.nickname),
            display_name: Field::of(&profile.display_name),
            birthday: Field::of(&profile.birthday),
            gender: Field::of(&profile.gender),
            mobile_number: Field::of(&profile.mobile_number),
            mobile_number_verified: profile.mobile_number_verified.is_some(),
            address1: Field::of(&address.address1),
            address2: Field::of(&address.address2),
            city: Field::of(&address.city),
            state_abbreviation: Field::of(&address.state_abbreviation),
            zip: Field::of(&address.zip),
            country: Field::of(&address.country),
            ..Self::default()
        }
    }

    /// What was typed; what is verified is still that of `profile`.
    fn typed(form: &Parameters, provider: &Provider, profile: &Profile) -> Self {
        let line = |name| Field::line(form, name);
        Self {
            email: Field::email(form),
            given_name: line("givenName"),
            middle_name: line("middleName"),
            family_name: line("familyName"),
            nickname: line("nickname"),
            display_name: line("displayName"),
            birthday: Field::birthday(form, provider.now()),
            gender: line("gender"),
            mobile_number: Field::mobile_number(form),
            address1: line("address1"),
            address2: line("address2"),
            city: line("city"),
            state_abbreviation: line("stateAbbreviation"),
            zip: line("zip"),
            country: line("country"),
            ..Self::kept(profile)
        }
    }

    /// Whether something is wrong with one of the fields.
    #[must_use]
    pub fn has_problem(&self) -> bool {
        [
            &self.email,
            &self.given_name,
            &self.middle_name,
            &self.family_name,
            &self.nickname,
            &self.display_name,
            &self.birthday,
            &self.gender,
            &self.mobile_number,
            &self.address1,
            &self.address2,
            &self.city,
            &self.state_abbreviation,
            &self.zip,
            &self.country,
        ]
        .into_iter()
        .any(|field| field.problem.is_some())
    }

    /// The profile with what was typed. A new address or number is not verified.
    fn applied_to(&self, profile: &Profile) -> Profile {
        let mut new = profile.clone();
        let text = |field: &Field| field.value.clone();
        new.email = text(&self.email);
        new.given_name = text(&self.given_name);
        new.middle_name = text(&self.middle_name);
        new.family_name = text(&self.family_name);
        new.nickname = text(&self.nickname);
        new.display_name = text(&self.display_name);
        new.birthday = text(&self.birthday);
        new.gender = text(&self.gender);
        new.mobile_number = text(&self.mobile_number);
        let address = &mut new.primary_address;
        address.address1 = text(&self.address1);
        address.address2 = text(&self.address2);
        address.city = text(&self.city);
        address.state_abbreviation = text(&self.state_abbreviation);
        address.zip = text(&self.zip);
        address.country = text(&self.country);
        if new.email != profile.email {
            new.email_verified = None;
        }
        if new.mobile_number != profile.mobile_number {
            new.mobile_number_verified = None;
        }
        new
    }
}

/// The address of somebody's account page.
pub(super) fn profile_address(
    provider: &Provider,
    customer: &str,
    client_id: &str,
    redirect_uri: Option<&str>,
) -> String {
    below(provider, customer, "profile", client_id, redirect_uri)
}

/// An address that names the client and where to go back to.
fn below(
    provider: &Provider,
    customer: &str,
    name: &str,
    client_id: &str,
    redirect_uri: Option<&str>,
) -> String {
    append_query(
        &format!("{}/auth-ui/{name}", provider.base(customer)),
        [("client_id", client_id)]
            .into_iter()
            .chain(redirect_uri.map(|uri| ("redirect_uri", uri))),
    )
}

/// The page, for whoever is signed in; else the sign-in page first.
pub(crate) async fn get(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let headers = request.headers();
    let customer = provider.customer_or_page(&customer, headers).await?;
    let query = Parameters::query(request.uri().query())
        .map_err(|_| PageError::bad_request(&customer.id))?;
    let asked = Asked::check(&provider, &customer, &query).await?;
    let found = provider.signed_in(&customer.id, headers).await;
    let Some(browser) = found.map_err(|error| failed(&error, &customer.id))? else {
        return asked.sign_in_first(&provider, &customer, headers).await;
    };
    Ok(asked
        .screen(
            &provider,
            &customer,
            &browser,
            ProfileView {
                saved: query.get("saved").is_some(),
                ..ProfileView::kept(&browser.person.profile)
            },
        )
        .into_response())
}

/// "Save Changes".
pub(crate) async fn post(
    State(provider): State<Provider>,
    Path(customer): Path<String>,
    request: Request,
) -> Result<Response, PageError> {
    let form = Form::take(&provider, &customer, request).await?;
    let customer = &form.customer;
    let asked = Asked::check(&provider, customer, &form.fields).await?;
    let found = provider.signed_in(&customer.id, &form.headers).await;
    let Some(browser) = found.map_err(|error| failed(&error, &customer.id))? else {
        return asked
            .sign_in_first(&provider, customer, &form.headers)
            .await;
    };
    if !browser.sent(form.fields.get("token").unwrap_or_default()) {
        return Err(PageError::other_sign_in(&customer.id));
    }
    let mut view = ProfileView::typed(&form.fields, &provider, &browser.person.profile);
    if !view.has_problem() {
        let saved = provider.save(&customer.id, &browser.person, &view).await;
        if saved.map_err(|error| failed(&error, &customer.id))? {
            let page = asked.address(&provider, &customer.id);
            return Ok(see_other(&append_query(&page, [("saved", "yes")]), None));
        }
        view.email.problem = Some("Another account has this email address.");
    }
    let screen = asked.screen(&provider, customer, &browser, view);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, screen).into_response())
}

/// What the page was opened with, checked.
struct Asked {
    client: Client,
    redirect_uri: Option<String>,
}

impl Asked {
    async fn check(
        provider: &Provider,
        customer: &Customer,
        sent: &Parameters,
    ) -> Result<Self, PageError> {
        let client = provider.login_client(customer, sent).await?;
        let redirect_uri = registered_redirect_uri(customer, &client, sent)?;
        Ok(Self {
            client,
            redirect_uri,
        })
    }

    fn address(&self, provider: &Provider, customer: &str) -> String {
        profile_address(
            provider,
            customer,
            &self.client.id,
            self.redirect_uri.as_deref(),
        )
    }

    async fn sign_in_first(
        self,
        provider: &Provider,
        customer: &Customer,
        headers: &HeaderMap,
    ) -> Result<Response, PageError> {
        let pending = Pending::Profile {
            redirect_uri: self.redirect_uri,
        };
        let (key, cookie) = provider
            .wait(&customer.id, Some(&self.client.id), pending, None, headers)
            .await
            .map_err(|error| failed(&error, &customer.id))?;
        let page = provider.screen_of(&customer.id, "login", &key);
        Ok(see_other(&page, cookie.as_deref()))
    }

    fn screen(
        self,
        provider: &Provider,
        customer: &Customer,
        browser: &SignedIn,
        view: ProfileView,
    ) -> Screen {
        let redirect_uri = self.redirect_uri.as_deref();
        Screen::Profile(Box::new(ProfileView {
            action: format!("/{}/auth-ui/profile", customer.id),
            token: browser.form_token(),
            logout: below(
                provider,
                &customer.id,
                "logout",
                &self.client.id,
                redirect_uri,
            ),
            client_name: self.client.name,
            client_id: self.client.id,
            redirect_uri: self.redirect_uri,
            ..view
        }))
    }
}

impl Provider {
    /// The login client that `client_id` names.
    /// Missing and wrong ones have screens of their own (domain notes,
    /// section 1.8).
    pub(super) async fn login_client(
        &self,
        customer: &Customer,
        sent: &Parameters,
    ) -> Result<Client, PageError> {
        let Some(id) = sent.get("client_id") else {
            return Err(PageError::bad_request(&customer.id));
        };
        self.store()
            .client(&customer.id, id)
            .await
            .map_err(|error| failed(&error.into(), &customer.id))?
            .filter(|client| client.login_policy.is_some())
            .ok_or_else(|| PageError::wrong_client(&customer.id))
    }

    /// Saves what was typed; `false` when somebody else has the address.
    async fn save(
        &self,
        customer: &str,
        person: &Person,
        view: &ProfileView,
    ) -> Result<bool, ProviderError> {
        let profile = view.applied_to(&person.profile);
        if profile == person.profile {
            return Ok(true);
        }
        let person = Person {
            profile: Profile {
                last_updated: self.now().0,
                ..profile
            },
            ..person.clone()
        };
        let saved = self.store().replace_person(customer, &person).await?;
        let saved = saved.ok_or(ProviderError::Dangling("the person"))?;
        if saved {
            tracing::info!(customer, person = person.profile.uuid, "saved a profile");
        }
        Ok(saved)
    }
}

/// Where to go back to, which must be registered.
pub(super) fn registered_redirect_uri(
    customer: &Customer,
    client: &Client,
    sent: &Parameters,
) -> Result<Option<String>, PageError> {
    match sent.get("redirect_uri") {
        None => Ok(None),
        Some(uri) if is_registered(&client.redirect_uris, uri) => Ok(Some(uri.to_owned())),
        Some(_) => Err(PageError::wrong_redirect_uri(&customer.id)),
    }
}
