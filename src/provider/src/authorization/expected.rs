//! Who may answer a request that says who it is about.

use oidc::claims_request::ClaimsRequest;
use serde_json::Value;

/// Who may answer. Everybody, unless the request says otherwise.
/// [Core section 3.1.2.2](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation)
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expected {
    /// Subjects, out of each list one.
    one_of_each: Vec<Vec<String>>,
}

impl Expected {
    /// Those whom the `claims` parameter names as the ID token's `sub`.
    /// [Core section 5.5.1](https://openid.net/specs/openid-connect-core-1_0.html#IndividualClaimsRequests)
    pub(super) fn by(claims: &ClaimsRequest) -> Self {
        let values = claims.in_id_token("sub").map(|sub| sub.values.as_slice());
        let one_of_each = values
            .filter(|values| !values.is_empty())
            .map(|values| {
                let subjects = values.iter().filter_map(Value::as_str);
                subjects.map(str::to_owned).collect()
            })
            .into_iter()
            .collect();
        Self { one_of_each }
    }

    /// And nobody but the subject of an ID token.
    pub(super) fn and(mut self, subject: String) -> Self {
        self.one_of_each.push(vec![subject]);
        self
    }

    /// Whether this person may answer.
    pub(super) fn admits(&self, person: &str) -> bool {
        self.one_of_each
            .iter()
            .all(|subjects| subjects.iter().any(|subject| subject == person))
    }
}

#[cfg(test)]
mod tests {
    use super::Expected;
    use oidc::claims_request::ClaimsRequest;

    #[test]
    fn a_subject_that_is_asked_for_by_value_alone_may_answer() {
        for (said, alice, bo) in [
            ("null", true, true),
            (r#"{"essential":true}"#, true, true),
            (r#"{"values":[]}"#, true, true),
            (r#"{"value":"alice"}"#, true, false),
            (r#"{"values":["alice","bo"]}"#, true, true),
            (r#"{"values":[1,null]}"#, false, false),
            (r#"{"value":""}"#, false, false),
        ] {
            let text = format!(r#"{{"id_token":{{"sub":{said}}}}}"#);
            let expected = Expected::by(&ClaimsRequest::parse(&text).unwrap());
            let both = (expected.admits("alice"), expected.admits("bo"));
            assert_eq!(both, (alice, bo), "{said}");
            let both = expected.and("bo".to_owned());
            assert_eq!((both.admits("alice"), both.admits("bo")), (false, bo));
        }
        // At userinfo it says nothing about who signs in.
        let text = r#"{"userinfo":{"sub":{"value":"alice"}}}"#;
        let expected = Expected::by(&ClaimsRequest::parse(text).unwrap());
        assert_eq!(expected, Expected::default());
        assert!(expected.admits("bo"));
    }
}
