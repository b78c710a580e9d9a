//! The fields of the account page.

use crate::{interaction::field::Field, parameters::Parameters, provider::Provider};
use policy::profile::Profile;

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
    pub(super) fn kept(profile: &Profile) -> Self {
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
    pub(super) fn typed(form: &Parameters, provider: &Provider, profile: &Profile) -> Self {
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
    pub(super) fn applied_to(&self, profile: &Profile) -> Profile {
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
