//! What is typed into the fields of a form, and what is wrong with it.

use crate::{parameters::Parameters, password};
use oidc::time::UnixTime;
use policy::profile::{is_date, is_email};

/// The longest text of one line, in characters.
const LONGEST: usize = 200;
/// The shortest password a person may choose, in characters.
/// [NIST SP 800-63B section 5.1.1.2](https://pages.nist.gov/800-63-3/sp800-63b.html#memsecretver)
pub const SHORTEST_PASSWORD: usize = 8;

/// A field as it is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What is in it. A password never is.
    pub value: String,
    /// What is wrong with it.
    pub problem: Option<&'static str>,
}

impl Field {
    /// The field with this in it.
    pub(super) fn of(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            problem: None,
        }
    }

    /// The same with a problem, if there is none yet.
    pub(super) fn refuse_if(mut self, wrong: bool, problem: &'static str) -> Self {
        if wrong && self.problem.is_none() {
            self.problem = Some(problem);
        }
        self
    }

    /// One line, without spaces around it.
    pub(super) fn line(form: &Parameters, name: &str) -> Self {
        let value = form.get(name).unwrap_or_default().trim();
        Self::of(value)
            .refuse_if(
                value.chars().count() > LONGEST,
                "Use at most 200 characters.",
            )
            .refuse_if(
                value.chars().any(char::is_control),
                "Use letters, digits and signs on one line.",
            )
    }

    /// An e-mail address.
    pub(super) fn email(form: &Parameters) -> Self {
        let value = form.get("email").unwrap_or_default().trim();
        Self::of(value)
            .refuse_if(value.is_empty(), "Enter your email address.")
            .refuse_if(
                !is_email(value),
                "Enter a valid email address, like name@example.com.",
            )
    }

    /// A password that is to be set. It is checked and not shown again.
    pub(super) fn new_password(form: &Parameters) -> Self {
        let value = form.get("password").unwrap_or_default();
        Self::default()
            .refuse_if(value.is_empty(), "Enter a password.")
            .refuse_if(
                value.chars().count() < SHORTEST_PASSWORD,
                "Use at least 8 characters.",
            )
            .refuse_if(
                value.len() > password::LONGEST,
                "Use at most 1024 characters.",
            )
    }

    /// A day that has come, as YYYY-MM-DD, or nothing.
    pub(super) fn birthday(form: &Parameters, now: UnixTime) -> Self {
        let field = Self::line(form, "birthday");
        let value = field.value.clone();
        let today = now.to_string();
        field
            .refuse_if(
                !value.is_empty() && !is_date(&value),
                "Enter a day of the calendar as YYYY-MM-DD, like 1990-04-12.",
            )
            // Both begin with four digits of the year, so that texts compare as days.
            .refuse_if(
                value.as_str() > today.get(..10).unwrap_or_default(),
                "Enter a day that has come.",
            )
    }

    /// A telephone number as E.164 writes it, or nothing. Spaces and signs that
    /// people put between the digits are left out.
    /// [Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)
    pub(super) fn mobile_number(form: &Parameters) -> Self {
        let field = Self::line(form, "mobileNumber");
        let number: String = field
            .value
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')'))
            .collect();
        let digits = number.strip_prefix('+').unwrap_or_default();
        let wrong = !(7..=15).contains(&digits.len())
            || digits.starts_with('0')
            || !digits.bytes().all(|byte| byte.is_ascii_digit());
        if field.problem.is_none() && (number.is_empty() || !wrong) {
            return Self::of(&number);
        }
        field.refuse_if(
            wrong,
            "Enter the number with its country code, like +1 503 555 0142.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oidc::time::UnixTime;

    fn form(name: &str, value: &str) -> Parameters {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish();
        Parameters::query(Some(&query)).unwrap()
    }

    #[test]
    fn a_line_is_trimmed_and_neither_long_nor_broken() {
        let check = |value: &str, kept: &str, good: bool| {
            let field = Field::line(&form("city", value), "city");
            assert_eq!(field.value, kept);
            assert_eq!(field.problem.is_none(), good, "{value:?}");
        };
        check("  New York ", "New York", true);
        check("", "", true);
        check(&"é".repeat(200), &"é".repeat(200), true);
        check(&"é".repeat(201), &"é".repeat(201), false);
        check("a\nb", "a\nb", false);
        check("<script>", "<script>", true);
        assert_eq!(Field::line(&form("zip", "1"), "city"), Field::default());
    }

    #[test]
    fn a_password_is_measured_and_never_kept() {
        let check = |value: &str, problem: Option<&str>| {
            let field = Field::new_password(&form("password", value));
            assert_eq!(field.value, "");
            assert_eq!(field.problem, problem);
        };
        check("", Some("Enter a password."));
        check("1234567", Some("Use at least 8 characters."));
        check("äöüäöüä", Some("Use at least 8 characters."));
        check("        ", None);
        check(&"p".repeat(1024), None);
        check(&"p".repeat(1025), Some("Use at most 1024 characters."));
    }

    #[test]
    fn a_birthday_is_a_day_of_the_calendar_that_has_come() {
        // 2027-01-15T08:00:00Z.
        let now = UnixTime(1_800_000_000);
        for (value, good) in [
            ("", true),
            ("1990-04-12", true),
            ("2024-02-29", true),
            ("2027-01-15", true),
            ("2027-01-16", false),
            ("2023-02-29", false),
            ("12.04.1990", false),
            ("1990-4-12", false),
            ("9999-99-99", false),
        ] {
            let field = Field::birthday(&form("birthday", value), now);
            assert_eq!(field.problem.is_none(), good, "{value}");
            assert_eq!(field.value, value);
        }
    }

    #[test]
    fn a_mobile_number_is_kept_as_e_164_writes_it() {
        for (value, kept, good) in [
            ("", "", true),
            ("+15035550142", "+15035550142", true),
            (" +1 (503) 555-0142 ", "+15035550142", true),
            ("+44.20.7946/0958", "+442079460958", true),
            ("5035550142", "5035550142", false),
            ("+0123456789", "+0123456789", false),
            ("+123456", "+123456", false),
            ("+1234567890123456", "+1234567890123456", false),
            ("+1503555ext2", "+1503555ext2", false),
            ("+١٢٣٤٥٦٧٨", "+١٢٣٤٥٦٧٨", false),
            ("--", "", true),
        ] {
            let field = Field::mobile_number(&form("mobileNumber", value));
            assert_eq!(
                (field.value.as_str(), field.problem.is_none()),
                (kept, good),
                "{value}"
            );
        }
    }

    #[test]
    fn an_email_address_is_asked_for_and_kept_as_typed() {
        for (value, good) in [
            ("", false),
            ("alice", false),
            ("alice@", false),
            ("a b@example.com", false),
            (" Alice@Example.com ", true),
        ] {
            let field = Field::email(&form("email", value));
            assert_eq!(field.value, value.trim());
            assert_eq!(field.problem.is_none(), good, "{value}");
        }
    }
}
