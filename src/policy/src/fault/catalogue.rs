//! Everything that can go wrong on request.

use super::{Amount, Endpoint};
use serde::{Deserialize, Serialize};

/// Makes [`FaultName`] out of one line for each: variant, name, area, what the
/// provider does, and what a program that is right about it does.
macro_rules! catalogue {
    ($($variant:ident $name:literal $area:ident $does:literal $right:literal)+) => {
        /// A fault, by the name that stands for it in the configuration API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum FaultName {
            $(#[doc = $does] #[serde(rename = $name)] $variant,)+
        }

        impl FaultName {
            /// All of them, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name, which never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What goes wrong with it.
            #[must_use]
            pub const fn area(self) -> Area {
                match self { $(Self::$variant => Area::$area,)+ }
            }

            /// What the provider does, in a sentence. Text in backquotes is code.
            #[must_use]
            pub const fn does(self) -> &'static str {
                match self { $(Self::$variant => $does,)+ }
            }

            /// What a program does that is right about it, in a sentence.
            #[must_use]
            pub const fn right(self) -> &'static str {
                match self { $(Self::$variant => $right,)+ }
            }
        }
    };
}

catalogue! {
    IdTokenWrongIss "id-token-wrong-iss" IdToken
        "The ID token's `iss` is another issuer."
        "Rejects the ID token."
    IdTokenMissingIss "id-token-missing-iss" IdToken
        "The ID token has no `iss`."
        "Rejects the ID token."
    IdTokenWrongAud "id-token-wrong-aud" IdToken
        "The ID token's `aud` is another client."
        "Rejects the ID token."
    IdTokenMissingAud "id-token-missing-aud" IdToken
        "The ID token has no `aud`."
        "Rejects the ID token."
    IdTokenWrongSub "id-token-wrong-sub" IdToken
        "The ID token's `sub` is another person than the one who signed in."
        "Rejects the answer of userinfo, whose `sub` differs."
    IdTokenMissingSub "id-token-missing-sub" IdToken
        "The ID token has no `sub`."
        "Rejects the ID token."
    IdTokenWrongNonce "id-token-wrong-nonce" IdToken
        "The ID token's `nonce` is not the one of the request; it has one even if none was sent."
        "Rejects the ID token."
    IdTokenMissingNonce "id-token-missing-nonce" IdToken
        "The ID token has no `nonce` although one was sent."
        "Rejects the ID token."
    IdTokenWrongExp "id-token-wrong-exp" IdToken
        "The ID token's `exp` is a text and not a number."
        "Rejects the ID token."
    IdTokenMissingExp "id-token-missing-exp" IdToken
        "The ID token has no `exp`."
        "Rejects the ID token."
    IdTokenWrongIat "id-token-wrong-iat" IdToken
        "The ID token's `iat` lies a day back."
        "Rejects the ID token if it bounds its age, as it should."
    IdTokenMissingIat "id-token-missing-iat" IdToken
        "The ID token has no `iat`."
        "Rejects the ID token."
    IdTokenWrongAtHash "id-token-wrong-at-hash" IdToken
        "The ID token's `at_hash` belongs to another access token."
        "Rejects the ID token and the access token."
    IdTokenMissingAtHash "id-token-missing-at-hash" IdToken
        "The ID token has no `at_hash`."
        "Rejects an ID token that came with an access token from the authorization endpoint; from the token endpoint it accepts it."
    IdTokenWrongCHash "id-token-wrong-c-hash" IdToken
        "The `c_hash` of an ID token from the authorization endpoint belongs to another code."
        "Rejects the ID token and the code."
    IdTokenMissingCHash "id-token-missing-c-hash" IdToken
        "An ID token that came with a code from the authorization endpoint has no `c_hash`."
        "Rejects the ID token and the code."
    IdTokenExpired "id-token-expired" IdToken
        "The ID token expired so many seconds ago, after it lived for a minute."
        "Rejects the ID token."
    IdTokenNotYetValid "id-token-not-yet-valid" IdToken
        "The ID token's `iat` and `nbf` lie so many seconds ahead."
        "Rejects the ID token."
    ClockSkew "clock-skew" IdToken
        "The clock that makes ID tokens is so many seconds fast, or slow if negative."
        "Accepts a few seconds, and rejects the ID token when it is minutes."
    BadSignature "bad-signature" IdToken
        "One bit of the ID token's signature is wrong."
        "Rejects the ID token."
    AlgNone "alg-none" IdToken
        "The ID token is not signed, and its `alg` is `none`."
        "Rejects the ID token."
    Hs256 "hs256" IdToken
        "The ID token is signed with HS256 and the client's secret, or with its id where it has no secret."
        "Rejects the ID token: the algorithm is not the one it expects."
    UnknownKid "unknown-kid" IdToken
        "The ID token's `kid` names a key that is not in the key set."
        "Fetches the key set once more, then rejects the ID token."
    MissingKid "missing-kid" IdToken
        "The ID token has no `kid` although the key set has several keys."
        "Rejects the ID token, or tries the keys that fit its algorithm."
    HugeToken "huge-token" IdToken
        "The ID token holds so many bytes more, in a claim of no meaning."
        "Accepts it, or rejects it without running out of memory; never puts it into a cookie."
    KeyRotated "key-rotated" IdToken
        "The customer's keys are rotated just before the ID token is signed, as often as keys may be rotated."
        "Fetches the key set again when it does not know the `kid`, and accepts the ID token."
    AccessTokenExpired "access-token-expired" AccessToken
        "A person's access token has expired when it is issued, whatever `expires_in` says."
        "Takes the 401 of userinfo for what it is, and refreshes or asks the person again, once."
    ScopeOverstated "scope-overstated" AccessToken
        "The access token carries `openid` alone, while `scope` in the answer names all that the policy allows."
        "Copes with claims that do not come, whatever `scope` said."
    ScopeLeftOut "scope-left-out" AccessToken
        "The access token carries `openid` alone, and the answer has no `scope`, which says that all was granted."
        "Takes what it asked for as granted, and copes with claims that do not come."
    ScopeRefused "scope-refused" Grant
        "A scope that the token policy does not allow is refused with `invalid_scope` instead of dropped."
        "Shows the error, and asks for less."
    CodeRefused "code-refused" Grant
        "Every code is refused with `invalid_grant`. It stays good."
        "Tells that the sign-in failed; does not send the code again."
    RefreshRefused "refresh-refused" Grant
        "Every refresh token is refused with `invalid_grant`. It stays good."
        "Asks the person to sign in again; does not try again and again."
    RefreshWrongSub "refresh-wrong-sub" Grant
        "The ID token of a refresh is about another person."
        "Rejects it and ends the session."
    RefreshWrongIss "refresh-wrong-iss" Grant
        "The ID token of a refresh is from another issuer."
        "Rejects it and ends the session."
    UserInfoWrongSub "userinfo-wrong-sub" UserInfo
        "The `sub` of userinfo is not the one of the ID token."
        "Rejects the answer of userinfo."
    UserInfoMissingSub "userinfo-missing-sub" UserInfo
        "The answer of userinfo has no `sub`."
        "Rejects the answer of userinfo."
    AuthorizationMissingState "authorization-missing-state" Authorization
        "The authorization response has no `state` although one was sent."
        "Stops, and does not send the code."
    AuthorizationWrongState "authorization-wrong-state" Authorization
        "The authorization response has a `state` that was not sent."
        "Stops, and does not send the code."
    AuthorizationMissingIss "authorization-missing-iss" Authorization
        "The authorization response has no `iss` although discovery promises it."
        "Stops, and does not send the code."
    AuthorizationWrongIss "authorization-wrong-iss" Authorization
        "The authorization response's `iss` is another issuer."
        "Stops, and does not send the code."
    AuthorizationRefused "authorization-refused" Authorization
        "Nobody gets through: whoever signs in is sent back with `temporarily_unavailable`, in the response mode that was asked for."
        "Checks `state`, tells the error, and offers to try again."
    LogoutMissingState "logout-missing-state" Logout
        "After signing out, the browser comes back without the `state` that was sent."
        "Does not take it for the end of a sign-out it began."
    LogoutWrongState "logout-wrong-state" Logout
        "After signing out, the browser comes back with a `state` that was not sent."
        "Does not take it for the end of a sign-out it began."
    DiscoveryWrongIssuer "discovery-wrong-issuer" Documents
        "The discovery document's `issuer` is another than the one it was fetched for."
        "Uses nothing of the document."
    DiscoveryJwksMoved "discovery-jwks-moved" Documents
        "The discovery document's `jwks_uri` leads to an address that is answered with 404."
        "Rejects ID tokens whose key it does not have, and does not ask for the keys without end."
    JwksEmpty "jwks-empty" Documents
        "The key set has no keys."
        "Rejects ID tokens whose key it does not have."
    JwksStale "jwks-stale" Documents
        "The key set has only retired keys: those from before the last rotation, and none without one."
        "Fetches the key set once more, then rejects the ID token."
    Slow "slow" Transport
        "The answer comes so many milliseconds late."
        "Waits as long as it should, gives up in time, and does not send what can be used only once again."
    Http429 "http-429" Transport
        "The answer is 429 with `Retry-After`, and nothing was done."
        "Waits as long as it is told, and tries again."
    Http500 "http-500" Transport
        "The answer is 500, and nothing was done."
        "Tells that the provider failed, and tries again with pauses at most."
    Http503 "http-503" Transport
        "The answer is 503 with `Retry-After`, and nothing was done."
        "Waits as long as it is told, and tries again."
    TruncatedJson "truncated-json" Transport
        "Only the first half of a JSON answer comes, as if it were whole."
        "Tells that the answer cannot be read, and uses nothing of it."
    WrongContentType "wrong-content-type" Transport
        "A JSON answer comes as `text/html`."
        "Refuses the answer, or reads it as the JSON it is; never shows it as a page."
    ConnectionLost "connection-lost" Transport
        "The connection breaks in the middle of a JSON answer, after all was done."
        "Tells that the connection broke, and does not send what can be used only once again."
}

/// What goes wrong with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// An ID token, wherever it is issued.
    IdToken,
    /// A person's access token, and what is said of it.
    AccessToken,
    /// What is exchanged for tokens.
    Grant,
    /// What userinfo answers.
    #[serde(rename = "userinfo")]
    UserInfo,
    /// What the client is told through the browser.
    Authorization,
    /// How a browser comes back after signing out.
    Logout,
    /// The discovery document and the key set, which all clients share.
    Documents,
    /// How an answer comes, whatever it says.
    Transport,
}

/// The longest an answer may be held back, in milliseconds.
const LONGEST_WAIT: i64 = 30_000;
/// A day in seconds.
const DAY: i64 = 86_400;

impl FaultName {
    /// The fault of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|name| name.as_str() == text)
    }

    /// What `value` counts; `None` where there is nothing to count.
    #[must_use]
    pub const fn amount(self) -> Option<Amount> {
        let (unit, least, most, usual) = match self {
            Self::Slow => ("milliseconds", 1, LONGEST_WAIT, 3000),
            Self::Http429 | Self::Http503 => ("seconds", 0, 3600, 2),
            // Beyond what anybody allows for clocks that differ.
            Self::IdTokenExpired | Self::IdTokenNotYetValid => ("seconds", 1, 365 * DAY, 3600),
            Self::ClockSkew => ("seconds", -DAY, DAY, 30),
            Self::HugeToken => ("bytes", 1, 1_000_000, 100_000),
            _ => return None,
        };
        Some(Amount {
            unit,
            least,
            most,
            usual,
        })
    }

    /// Whether it can be restricted to a client: not where all are told the same.
    #[must_use]
    pub fn knows_clients(self) -> bool {
        self.area() != Area::Documents
    }

    /// Where it can be restricted to; nothing where its name says it.
    #[must_use]
    pub fn endpoints(self) -> &'static [Endpoint] {
        match self.area() {
            Area::Transport => &Endpoint::ALL,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::HashSet;

    #[test]
    fn names_are_distinct_and_stand_for_themselves() {
        let names: HashSet<&str> = FaultName::ALL.iter().map(|name| name.as_str()).collect();
        assert_eq!(names.len(), FaultName::ALL.len());
        for name in FaultName::ALL {
            let text = name.as_str();
            let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(text.bytes().all(kebab), "{text}");
            assert_eq!(FaultName::parse(text), Some(*name));
            assert_eq!(json!(name), text);
            let read: FaultName = serde_json::from_value(json!(text)).unwrap();
            assert_eq!(read, *name);
        }
        assert_eq!(FaultName::parse("Slow"), None);
    }

    #[test]
    fn every_fault_is_described_in_sentences() {
        for name in FaultName::ALL {
            for text in [name.does(), name.right()] {
                assert!(text.ends_with('.'), "{text}");
                assert_eq!(text.matches('`').count() % 2, 0, "{text}");
            }
        }
    }

    #[test]
    fn what_counts_when_nothing_is_said_lies_within_the_bounds() {
        for name in FaultName::ALL {
            if let Some(amount) = name.amount() {
                let bounds = amount.least..=amount.most;
                assert!(bounds.contains(&amount.usual), "{name:?}");
            }
        }
    }
}
