//! What every member of a token's header and payload means.

use policy::release::StandardScope;

/// What is said of a claim that no specification and no page of Akamai's names.
#[must_use]
pub const fn custom_claim() -> &'static str {
    "A custom claim: no specification says what it means. Ask whoever runs the provider."
}

/// What a claim, or a member of the header, means; `None` when it is neither
/// registered nor Akamai's.
///
/// [RFC 7519 section 4.1](https://www.rfc-editor.org/rfc/rfc7519#section-4.1),
/// [Core section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken),
/// [Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims),
/// [RFC 9068 section 2.2](https://www.rfc-editor.org/rfc/rfc9068#section-2.2)
#[must_use]
pub fn explained(name: &str) -> Option<String> {
    let text = protocol(name).or_else(|| person(name))?;
    let brought_by = StandardScope::ALL
        .into_iter()
        .find(|scope| name != "sub" && scope.claims().contains(&name));
    Some(match brought_by {
        Some(scope) => format!("{text} Brought by the scope `{}`.", scope.as_str()),
        None => text.to_owned(),
    })
}

/// Members that are about the token and the login.
fn protocol(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "What the signature is made with.",
        "typ" => "What kind of token it is: `JWT` for an ID token, `at+jwt` for an access token.",
        "kid" => "Which key of the provider's key set made the signature.",
        "cty" => "What kind of content is signed.",
        "crit" => "Extensions that the reader has to understand.",
        "iss" => "Who issued it: equal to the issuer that was asked, character by character.",
        "sub" => "Whom it is about: the person's id at this issuer, the same for ever.",
        "aud" => "Whom it is for: a client takes only what names its own `client_id`.",
        "exp" => "From this moment on it must not be taken any more.",
        "nbf" => "Before this moment it must not be taken.",
        "iat" => "When it was issued.",
        "jti" => "Its own id, so that it can be told from every other token.",
        "auth_time" => "When the person signed in. With `max_age` a client checks it.",
        "nonce" => {
            "The value from the request, unchanged: it ties the ID token to this browser's request."
        }
        "acr" => "How strongly the person signed in, as a class of the provider.",
        "amr" => "With what the person signed in, for example `pwd` or `otp`.",
        "azp" => "The client it was issued to, when `aud` names others too.",
        "at_hash" => {
            "Half of the access token's hash: ties the ID token to the access token beside it."
        }
        "c_hash" => "Half of the code's hash: ties the ID token to the code beside it.",
        "s_hash" => "Half of the hash of `state`.",
        "sid" => {
            "The session at the provider. As `logout_hint` it signs the person out everywhere."
        }
        "scope" => "What the token may do: the granted scopes, not the requested ones.",
        "client_id" => "The client that asked for the token.",
        "token_type" => "How the token is used: `Bearer`, whoever holds it may use it.",
        "active" => "Whether the token counts now.",
        "username" => "A name of the person for people to read.",
        "events" => "What happened: it is a security event, not a login.",
        "global_sub" => {
            "Akamai's own: the person's address in the directory, across all applications."
        }
        _ => return None,
    })
}

/// Members that are about the person.
fn person(name: &str) -> Option<&'static str> {
    Some(match name {
        "name" => "The full name, for display.",
        "given_name" => "The given name.",
        "family_name" => "The family name.",
        "middle_name" => "The middle name.",
        "nickname" => "What the person is called by others.",
        "preferred_username" => {
            "The name the person wants to be called by. It may change, and others may have it."
        }
        "profile" => "The address of a page about the person.",
        "picture" => "The address of a picture of the person.",
        "website" => "The person's own web site.",
        "gender" => "The gender.",
        "birthdate" => "The birthday, as year, month and day.",
        "zoneinfo" => "The time zone.",
        "locale" => "The language and region.",
        "updated_at" => "When the person's data were last changed.",
        "email" => "The e-mail address. It may change: `sub` is the one to know a person by.",
        "email_verified" => {
            "Whether the provider made sure that the e-mail address is the person's."
        }
        "address" => "The postal address, as an object.",
        "phone_number" => "The telephone number.",
        "phone_number_verified" => {
            "Whether the provider made sure that the number is the person's."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::explained;
    use policy::release::StandardScope;

    #[test]
    fn every_claim_of_a_standard_scope_is_explained_with_its_scope() {
        for scope in StandardScope::ALL {
            for claim in scope.claims() {
                let text = explained(claim).unwrap_or_else(|| panic!("{claim}"));
                let names_scope = text.ends_with(&format!("scope `{}`.", scope.as_str()));
                assert!(
                    names_scope || *claim == "sub" || *claim == "global_sub",
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn every_registered_claim_of_a_token_is_explained() {
        for claim in [
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "auth_time",
            "nonce",
            "acr",
            "amr",
            "azp",
            "at_hash",
            "c_hash",
            "sid",
            "scope",
            "client_id",
            "global_sub",
            "alg",
            "typ",
            "kid",
        ] {
            let text = explained(claim).unwrap_or_else(|| panic!("{claim}"));
            assert!(text.ends_with('.'), "{text}");
        }
        for claim in ["", "shoe_size", "Iss", "https://a.test/claim"] {
            assert_eq!(explained(claim), None, "{claim}");
        }
    }
}
