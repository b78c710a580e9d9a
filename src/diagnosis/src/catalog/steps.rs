//! Words for the steps and the checks that failed.

use super::{
    CHECK_FAILED, Words,
    prose::{anded, joined, sentence},
    refusals::{answer, description, quoted},
};
use oidc::{error::OAuthError, exchange::Step, verification::Check};

/// What to say about a step that failed.
pub(crate) fn failed(step: Step, message: &str, error: Option<&OAuthError>, advice: &str) -> Words {
    let (id, headline) = match step {
        Step::Discovery => ("discovery", "Discovery failed."),
        Step::Authorize => ("authorize", "The authorization request failed."),
        Step::Callback => ("callback", "The callback failed."),
        Step::Token => ("token", "The token request failed."),
        Step::Jwks => ("jwks", "Fetching the signing keys failed."),
        Step::UserInfo => ("userinfo", "The userinfo request failed."),
        Step::AdminToken => (
            "admin-token",
            "The request for an administrative token failed.",
        ),
        Step::ConfigRead => ("config-read", "Reading the configuration failed."),
        Step::ConfigWrite => ("config-write", "Writing the configuration failed."),
        Step::Refresh => ("refresh", "The refresh request failed."),
        Step::Introspection => ("introspection", "The introspection request failed."),
        Step::Revocation => ("revocation", "The revocation request failed."),
        Step::Logout => ("logout", "The logout failed."),
    };
    // The message often names the code already.
    let answer = match error {
        Some(error) if !message.contains(&error.error) => {
            format!("The answer was {}", answer(error))
        }
        Some(error) => description(error)
            .filter(|text| !message.contains(text))
            .map(|text| format!("The description is {}", quoted(text)))
            .unwrap_or_default(),
        None => String::new(),
    };
    Words {
        id: format!("failed.{id}"),
        headline: headline.to_owned(),
        detail: joined([sentence(message), answer, sentence(advice)]),
    }
}

/// What to say about an ID token that did not pass.
pub(crate) fn checks_failed(checks: &[&Check]) -> Words {
    let titles: Vec<&str> = checks.iter().map(|check| check.name.title()).collect();
    Words {
        id: CHECK_FAILED.to_owned(),
        headline: format!("The ID token did not pass: {}.", anded(&titles)),
        detail: joined(
            checks
                .iter()
                .map(|check| sentence(&check.detail))
                .chain(["What the token says is not to be believed.".to_owned()]),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::failed;
    use oidc::{
        error::{ErrorCode, OAuthError},
        exchange::Step,
    };

    #[test]
    fn every_failed_step_is_told_with_its_cause_and_its_cure() {
        let error = OAuthError::new(ErrorCode::InvalidGrant, "code expired");
        for step in Step::ALL {
            let words = failed(step, "it went wrong", Some(&error), "try again");
            assert!(words.id.starts_with("failed."), "{step:?}");
            assert!(words.headline.ends_with(" failed."), "{step:?}");
            assert_eq!(
                words.detail,
                "It went wrong. The answer was `invalid_grant`: “code expired”. Try again."
            );
        }
        let told = failed(Step::Token, "it said invalid_grant", Some(&error), "");
        assert_eq!(
            told.detail,
            "It said invalid_grant. The description is “code expired”."
        );
        let twice = failed(Step::Token, "invalid_grant: code expired", Some(&error), "");
        assert_eq!(twice.detail, "invalid_grant: code expired.");
    }
}
