//! Response types and response modes.

use std::fmt;

/// What an authorization request wants back.
/// [Core section 3](https://openid.net/specs/openid-connect-core-1_0.html#Authentication),
/// [Multiple Response Types sections 3 and 5](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html)
///
/// `token` alone is not among them: it is no OpenID Connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// A code.
    Code,
    /// An ID token.
    IdToken,
    /// An ID token and an access token.
    IdTokenToken,
    /// A code and an ID token.
    CodeIdToken,
    /// A code and an access token.
    CodeToken,
    /// A code, an ID token and an access token.
    CodeIdTokenToken,
}

impl ResponseType {
    /// Every response type, in the order discovery lists them.
    pub const ALL: [Self; 6] = [
        Self::Code,
        Self::IdToken,
        Self::IdTokenToken,
        Self::CodeIdToken,
        Self::CodeToken,
        Self::CodeIdTokenToken,
    ];

    /// The value of `response_type` as the specifications spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::IdToken => "id_token",
            Self::IdTokenToken => "id_token token",
            Self::CodeIdToken => "code id_token",
            Self::CodeToken => "code token",
            Self::CodeIdTokenToken => "code id_token token",
        }
    }

    /// Reads a `response_type`. The order of its words does not matter.
    /// [RFC 6749 section 3.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-3.1.1)
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words: Vec<&str> = text.split(' ').collect();
        words.sort_unstable();
        // The specifications' spellings are in alphabetical order.
        let sorted = words.join(" ");
        Self::ALL.into_iter().find(|own| own.as_str() == sorted)
    }

    /// Whether a code is issued.
    #[must_use]
    pub const fn has_code(self) -> bool {
        !matches!(self, Self::IdToken | Self::IdTokenToken)
    }

    /// Whether an ID token comes from the authorization endpoint.
    #[must_use]
    pub const fn has_id_token(self) -> bool {
        !matches!(self, Self::Code | Self::CodeToken)
    }

    /// Whether an access token comes from the authorization endpoint.
    #[must_use]
    pub const fn has_token(self) -> bool {
        matches!(
            self,
            Self::IdTokenToken | Self::CodeToken | Self::CodeIdTokenToken
        )
    }

    /// How the answer travels when the request does not say.
    /// [Multiple Response Types section 5](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#Combinations)
    #[must_use]
    pub const fn default_mode(self) -> ResponseMode {
        match self {
            Self::Code => ResponseMode::Query,
            _ => ResponseMode::Fragment,
        }
    }
}

impl fmt::Display for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the answer travels to the client.
/// [Multiple Response Types section 2.1](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes),
/// [Form Post Response Mode section 2](https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that the browser posts to it.
    FormPost,
}

impl ResponseMode {
    /// Every response mode, in the order discovery lists them.
    pub const ALL: [Self; 3] = [Self::Query, Self::Fragment, Self::FormPost];

    /// The value of `response_mode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
            Self::FormPost => "form_post",
        }
    }

    /// Reads a `response_mode`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_words_does_not_matter_and_their_number_does() {
        for own in ResponseType::ALL {
            assert_eq!(ResponseType::parse(own.as_str()), Some(own));
        }
        assert_eq!(
            ResponseType::parse("token id_token code"),
            Some(ResponseType::CodeIdTokenToken)
        );
        assert_eq!(
            ResponseType::parse("token id_token"),
            Some(ResponseType::IdTokenToken)
        );
        for other in [
            "",
            "token",
            "code code",
            "code  token",
            "Code",
            "none",
            "code,token",
        ] {
            assert_eq!(ResponseType::parse(other), None, "{other:?}");
        }
    }

    #[test]
    fn only_a_code_alone_may_travel_in_the_query_by_default() {
        for own in ResponseType::ALL {
            let plain = own == ResponseType::Code;
            assert_eq!(own.default_mode() == ResponseMode::Query, plain);
            assert_eq!(own.has_id_token() || own.has_token(), !plain);
        }
    }
}
