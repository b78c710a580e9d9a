//! From a granted scope to claims.

use crate::{
    login_policy::LoginPolicy,
    profile::{PrimaryAddress, Profile},
};
use oidc::{
    claims_request::{ClaimsRequest, RequestedClaim},
    scope::{OPENID, Scope},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Claims by name.
pub type Claims = Map<String, Value>;

/// The scopes a login can be granted: what discovery lists.
///
/// There are no others, and none can be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StandardScope {
    /// Makes it OpenID Connect; brings `sub`.
    OpenId,
    /// Who the person is.
    Profile,
    /// The e-mail address.
    Email,
    /// The postal address.
    Address,
    /// The telephone number.
    Phone,
}

impl StandardScope {
    /// Every scope, in the order discovery lists them.
    pub const ALL: [Self; 5] = [
        Self::OpenId,
        Self::Profile,
        Self::Email,
        Self::Address,
        Self::Phone,
    ];

    /// The scope token.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => OPENID,
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Address => "address",
            Self::Phone => "phone",
        }
    }

    /// Reads a scope token.
    #[must_use]
    pub fn parse(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == token)
    }

    /// The claims the scope asks for.
    /// [Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)
    ///
    /// `profile` brings nine of the specification's fourteen: Hosted Login has
    /// no picture, website, profile, zoneinfo and locale.
    #[must_use]
    pub const fn claims(self) -> &'static [&'static str] {
        match self {
            Self::OpenId => &["sub"],
            Self::Profile => &[
                "name",
                "given_name",
                "family_name",
                "middle_name",
                "nickname",
                "preferred_username",
                "gender",
                "birthdate",
                "updated_at",
            ],
            Self::Email => &["email", "email_verified"],
            Self::Address => &["address"],
            Self::Phone => &["phone_number", "phone_number_verified"],
        }
    }
}

/// The token does not carry `openid`, so that userinfo is closed to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token has no openid scope")]
pub struct InsufficientScope;

/// What userinfo answers to a token with this scope: keys in alphabetical
/// order, empty attributes left out.
///
/// # Errors
/// When `openid` was not granted.
pub fn userinfo(granted: &Scope, profile: &Profile) -> Result<Claims, InsufficientScope> {
    userinfo_from(granted, profile, &Sources::default())
}

/// What brings claims besides scopes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sources<'a> {
    /// The request's `claims` parameter.
    // Inferred: not bound by `allowedScopes` (domain notes, sections 5.2 and 10).
    pub claims: Option<&'a ClaimsRequest>,
    /// The client's login policy, for its custom claims and its push claims.
    pub login_policy: Option<&'a LoginPolicy>,
}

/// The same with everything that brings claims: [`userinfo`] is this without
/// any further source.
///
/// # Errors
/// When `openid` was not granted.
pub fn userinfo_from(
    granted: &Scope,
    profile: &Profile,
    sources: &Sources<'_>,
) -> Result<Claims, InsufficientScope> {
    Facts::of(profile, sources.login_policy).userinfo(granted, sources.claims)
}

/// The claims about the person that the ID token holds, as
/// [`Facts::id_token`] says.
#[must_use]
pub fn id_token(granted: &Scope, profile: &Profile, sources: &Sources<'_>, alone: bool) -> Claims {
    Facts::of(profile, sources.login_policy).id_token(granted, sources.claims, alone)
}

/// What there is to tell about a person to the clients of a login policy,
/// before any of them has asked.
///
/// All that releasing needs, and less than a [`Profile`] and a [`LoginPolicy`]:
/// the page carries it to the browser, which predicts with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Every standard claim the person has a value for.
    pub claims: Claims,
    /// What userinfo tells unasked: the login policy's custom claims for it, and
    /// `global_sub`.
    pub userinfo: Claims,
    /// What the ID token holds unasked: the login policy's custom claims for it.
    pub id_token: Claims,
    /// Whether the login policy puts the claims of granted scopes into the ID
    /// token.
    pub push_claims: bool,
}

impl Facts {
    /// What there is to tell about a person; without a login policy the
    /// standard claims alone.
    // Inferred: `global_sub` stands in every documented answer; here it is made
    // of the person's UUID.
    #[must_use]
    pub fn of(profile: &Profile, login_policy: Option<&LoginPolicy>) -> Self {
        let mut facts = Self {
            claims: StandardScope::ALL
                .into_iter()
                .flat_map(StandardScope::claims)
                .filter_map(|name| Some(((*name).to_owned(), claim(name, profile)?)))
                .collect(),
            ..Self::default()
        };
        let global = ("global_sub".to_owned(), global_sub(profile));
        facts.userinfo.extend([global]);
        if let Some(policy) = login_policy {
            let custom = &policy.custom_claims;
            facts
                .userinfo
                .extend(custom_claims(&custom.userinfo, profile));
            facts
                .id_token
                .extend(custom_claims(&custom.id_token, profile));
            facts.push_claims = policy.push_claims;
        }
        facts
    }

    /// What userinfo answers to a token with this scope, whose request asked for
    /// these claims besides.
    ///
    /// # Errors
    /// When `openid` was not granted.
    pub fn userinfo(
        &self,
        granted: &Scope,
        asked: Option<&ClaimsRequest>,
    ) -> Result<Claims, InsufficientScope> {
        if !granted.contains(OPENID) {
            return Err(InsufficientScope);
        }
        let mut claims = self.of_scopes(granted);
        claims.extend(self.userinfo.clone());
        claims.extend(self.asked(asked.map(|asked| asked.userinfo.as_slice())));
        Ok(sorted(claims))
    }

    /// The claims about the person that the ID token holds, beyond `sub` and the
    /// protocol's own: custom claims, what the `claims` parameter asks for, and
    /// those of the granted scopes when the login policy pushes claims or when
    /// there is no access token to fetch them with (`alone`).
    /// [Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)
    // Inferred: what push claims do (domain notes, section 2.3).
    #[must_use]
    pub fn id_token(&self, granted: &Scope, asked: Option<&ClaimsRequest>, alone: bool) -> Claims {
        let mut claims = if alone || self.push_claims {
            self.of_scopes(granted)
        } else {
            Claims::new()
        };
        claims.extend(self.id_token.clone());
        claims.extend(self.asked(asked.map(|asked| asked.id_token.as_slice())));
        claims.retain(|name, _| name != "sub");
        sorted(claims)
    }

    fn of_scopes(&self, granted: &Scope) -> Claims {
        StandardScope::ALL
            .into_iter()
            .filter(|scope| granted.contains(scope.as_str()))
            .flat_map(StandardScope::claims)
            .filter_map(|name| self.told(name))
            .collect()
    }

    /// Standard claims asked for one by one. What the person has is told,
    /// whatever value the client would like: only `sub` and `acr` can be demanded.
    fn asked(&self, asked: Option<&[RequestedClaim]>) -> Claims {
        asked
            .unwrap_or_default()
            .iter()
            .filter_map(|asked| self.told(&asked.name))
            .collect()
    }

    fn told(&self, name: &str) -> Option<(String, Value)> {
        Some((name.to_owned(), self.claims.get(name)?.clone()))
    }
}

/// Claims that are the protocol's own: no login policy can give them another
/// value, nor bring them in where they are absent.
/// [Core section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken),
/// [section 5.6.2](https://openid.net/specs/openid-connect-core-1_0.html#AggregatedDistributedClaims)
const PROTOCOL_CLAIMS: [&str; 19] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "sid",
    "at_hash",
    "c_hash",
    "s_hash",
    "global_sub",
    "_claim_names",
    "_claim_sources",
];

/// Claims named by a login policy, each with the attribute it is made of.
fn custom_claims(names: &std::collections::BTreeMap<String, String>, profile: &Profile) -> Claims {
    names
        .iter()
        .filter(|(name, _)| !PROTOCOL_CLAIMS.contains(&name.as_str()))
        .filter_map(|(name, attribute)| Some((name.clone(), profile.attribute(attribute)?)))
        .collect()
}

/// In alphabetical order, as the documented samples are.
///
/// By insertion: there are few, and a sort would be most of what the browser
/// loads for it.
fn sorted(claims: Claims) -> Claims {
    let mut sorted: Vec<(String, Value)> = Vec::new();
    for (name, value) in claims {
        let at = sorted.partition_point(|(before, _)| *before < name);
        sorted.insert(at, (name, value));
    }
    sorted.into_iter().collect()
}

/// The subject across applications.
#[must_use]
pub fn global_sub(profile: &Profile) -> Value {
    json!(format!("capture-v1://playground/user/{}", profile.uuid))
}

/// One standard claim of a person; `None` when the person has no such value.
/// [Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims),
/// [section 5.3.2](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse) for leaving out
#[must_use]
pub fn claim(name: &str, profile: &Profile) -> Option<Value> {
    match name {
        "sub" => text(&profile.uuid),
        "name" => text(&profile.full_name()),
        "given_name" => text(&profile.given_name),
        "family_name" => text(&profile.family_name),
        "middle_name" => text(&profile.middle_name),
        "nickname" => text(&profile.nickname),
        "preferred_username" => text(&profile.display_name),
        "gender" => text(&profile.gender),
        "birthdate" => text(&profile.birthday),
        "updated_at" => (profile.last_updated != 0).then(|| json!(profile.last_updated)),
        "email" => text(&profile.email),
        "email_verified" => {
            (!profile.email.is_empty()).then(|| json!(profile.email_verified.is_some()))
        }
        "address" => address(&profile.primary_address),
        "phone_number" => text(&profile.mobile_number),
        "phone_number_verified" => (!profile.mobile_number.is_empty())
            .then(|| json!(profile.mobile_number_verified.is_some())),
        _ => None,
    }
}

fn text(value: &str) -> Option<Value> {
    (!value.is_empty()).then(|| json!(value))
}

/// [Core section 5.1.1](https://openid.net/specs/openid-connect-core-1_0.html#AddressClaim)
fn address(address: &PrimaryAddress) -> Option<Value> {
    let street = [&address.address1, &address.address2]
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    let parts: Claims = [
        ("street_address", street.as_str()),
        ("locality", &address.city),
        ("region", &address.state_abbreviation),
        ("postal_code", &address.zip),
        ("country", &address.country),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), text(value)?)))
    .collect();
    (!parts.is_empty()).then_some(Value::Object(parts))
}

#[cfg(test)]
mod tests {
    use super::{
        Claims, InsufficientScope, Sources, StandardScope, claim, id_token, userinfo, userinfo_from,
    };
    use crate::{
        login_policy::LoginPolicy,
        profile::{PrimaryAddress, Profile},
    };
    use oidc::{claims_request::ClaimsRequest, scope::Scope};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn full() -> Profile {
        Profile {
            uuid: "u-1".to_owned(),
            given_name: "Alice".to_owned(),
            middle_name: "M".to_owned(),
            family_name: "Ash".to_owned(),
            nickname: "Al".to_owned(),
            display_name: "alice".to_owned(),
            gender: "female".to_owned(),
            birthday: "1990-01-02".to_owned(),
            email: "alice@example.com".to_owned(),
            email_verified: Some(1),
            mobile_number: "+15550100".to_owned(),
            mobile_number_verified: None,
            primary_address: PrimaryAddress {
                address1: "1 Main St".to_owned(),
                address2: "Flat 2".to_owned(),
                city: "Springfield".to_owned(),
                state_abbreviation: "IL".to_owned(),
                zip: "62701".to_owned(),
                country: "US".to_owned(),
            },
            last_updated: 1_700_000_000,
            attributes: serde_json::Map::new(),
        }
    }

    fn answer(granted: &str, profile: &Profile) -> Value {
        Value::Object(userinfo(&Scope::parse(granted).scope, profile).unwrap())
    }

    #[test]
    fn each_scope_releases_the_claims_of_the_table() {
        let always = json!({ "global_sub": "capture-v1://playground/user/u-1", "sub": "u-1" });
        for (scope, claims) in [
            ("openid", json!({})),
            (
                "profile",
                json!({ "name": "Alice M Ash", "given_name": "Alice", "family_name": "Ash",
                    "middle_name": "M", "nickname": "Al", "preferred_username": "alice",
                    "gender": "female", "birthdate": "1990-01-02", "updated_at": 1_700_000_000 }),
            ),
            (
                "email",
                json!({ "email": "alice@example.com", "email_verified": true }),
            ),
            (
                "address",
                json!({ "address": { "street_address": "1 Main St\nFlat 2", "locality": "Springfield",
                    "region": "IL", "postal_code": "62701", "country": "US" } }),
            ),
            (
                "phone",
                json!({ "phone_number": "+15550100", "phone_number_verified": false }),
            ),
            ("shoe_size", json!({})),
        ] {
            let mut expected = always.clone();
            for (name, value) in claims.as_object().unwrap() {
                expected[name] = value.clone();
            }
            assert_eq!(
                answer(&format!("openid {scope}"), &full()),
                expected,
                "{scope}"
            );
        }
    }

    #[test]
    fn empty_attributes_are_left_out() {
        let nobody = Profile {
            uuid: "u-1".to_owned(),
            ..Profile::default()
        };
        assert_eq!(
            answer("openid profile email address phone", &nobody),
            json!({ "global_sub": "capture-v1://playground/user/u-1", "sub": "u-1" })
        );
        let no_street = Profile {
            primary_address: PrimaryAddress {
                city: "Springfield".to_owned(),
                ..PrimaryAddress::default()
            },
            ..nobody
        };
        assert_eq!(
            answer("openid address", &no_street)["address"],
            json!({ "locality": "Springfield" })
        );
    }

    #[test]
    fn userinfo_is_closed_without_openid() {
        let scope = Scope::parse("profile email").scope;
        assert_eq!(userinfo(&scope, &full()), Err(InsufficientScope));
    }

    #[test]
    fn every_claim_of_a_scope_can_be_released() {
        for name in StandardScope::ALL
            .into_iter()
            .flat_map(StandardScope::claims)
        {
            assert!(claim(name, &full()).is_some(), "{name}");
        }
        assert_eq!(claim("picture", &full()), None);
    }

    fn released(granted: &str) -> Claims {
        userinfo(&Scope::parse(granted).scope, &full()).unwrap()
    }

    proptest! {
        #[test]
        fn the_answer_is_in_alphabetical_order_whatever_the_order_of_the_grant(
            granted in Just(["profile", "email", "address", "phone", "openid"]).prop_shuffle()
        ) {
            let claims = released(&granted.join(" "));
            let mut names: Vec<&String> = claims.keys().collect();
            names.sort();
            prop_assert!(claims.keys().eq(names));
            prop_assert_eq!(claims, released("openid profile email address phone"));
        }
    }

    fn from_everywhere(policy: &LoginPolicy, claims: &str) -> (Value, Value) {
        let claims = ClaimsRequest::parse(claims).unwrap();
        let sources = Sources {
            claims: Some(&claims),
            login_policy: Some(policy),
        };
        let granted = Scope::parse("openid email").scope;
        let told = userinfo_from(&granted, &full(), &sources).unwrap();
        let held = id_token(&granted, &full(), &sources, false);
        (Value::Object(told), Value::Object(held))
    }

    #[test]
    fn custom_claims_come_unasked_where_the_login_policy_puts_them() {
        let mut policy = LoginPolicy::new("l".to_owned(), "Login".to_owned());
        let names = |claim: &str, attribute: &str| {
            [(claim.to_owned(), attribute.to_owned())]
                .into_iter()
                .collect()
        };
        policy.custom_claims.id_token = names("town", "primaryAddress.city");
        policy.custom_claims.userinfo = names("none_such", "noSuchAttribute");
        let (told, held) = from_everywhere(&policy, "{}");
        assert_eq!(held, json!({ "town": "Springfield" }));
        assert_eq!(told, answer("openid email", &full()));
    }

    #[test]
    fn no_login_policy_can_give_a_claim_of_the_protocol_a_value() {
        let mut policy = LoginPolicy::new("l".to_owned(), "Login".to_owned());
        let names = super::PROTOCOL_CLAIMS.map(|name| (name.to_owned(), "email".to_owned()));
        policy.custom_claims.id_token = names.clone().into();
        policy.custom_claims.userinfo = names.into();
        let (told, held) = from_everywhere(&policy, "{}");
        assert_eq!(told, answer("openid email", &full()));
        assert_eq!(held, json!({}));
    }

    #[test]
    fn push_claims_put_the_claims_of_granted_scopes_into_the_id_token() {
        let mut policy = LoginPolicy::new("l".to_owned(), "Login".to_owned());
        policy.push_claims = true;
        let (_, held) = from_everywhere(&policy, "{}");
        assert_eq!(
            held,
            json!({ "email": "alice@example.com", "email_verified": true })
        );
        let alone = id_token(
            &Scope::parse("openid phone").scope,
            &full(),
            &Sources::default(),
            true,
        );
        assert_eq!(
            alone.keys().collect::<Vec<_>>(),
            ["phone_number", "phone_number_verified"]
        );
    }

    #[test]
    fn the_claims_parameter_reaches_beyond_the_granted_scopes() {
        let policy = LoginPolicy::new("l".to_owned(), "Login".to_owned());
        let (told, held) = from_everywhere(
            &policy,
            r#"{"userinfo":{"birthdate":null,"no_such":null},"id_token":{"name":{"essential":true},"sub":null}}"#,
        );
        assert_eq!(told["birthdate"], "1990-01-02");
        assert_eq!(held, json!({ "name": "Alice M Ash" }));
    }
}
