//! In which response mode a request is answered.

use oidc::{
    authorization::AuthorizationRequest,
    response_type::{ResponseMode, ResponseType},
};

/// How a request is answered, come what may.
pub(super) struct Chosen {
    pub(super) mode: ResponseMode,
    /// What is wrong with the mode that was asked for. It is told in the default
    /// mode.
    pub(super) problem: Option<&'static str>,
}

/// The mode the request asks for, when it can be used, else the default of its
/// response type.
/// [Multiple Response Types section 2.1](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes)
pub(super) fn choose(request: &AuthorizationRequest) -> Chosen {
    let default = default_mode(request.response_type.as_deref());
    let wanted = match &request.response_mode {
        None => Ok(default),
        Some(text) => match ResponseMode::parse(text) {
            None => Err("response_mode must be query, fragment or form_post"),
            // Section 5 of the same.
            Some(ResponseMode::Query) if default != ResponseMode::Query => {
                Err("response_mode query cannot carry tokens")
            }
            Some(ResponseMode::FormPost) => formable(request).map(|()| ResponseMode::FormPost),
            Some(mode) => Ok(mode),
        },
    };
    match wanted {
        Ok(mode) => Chosen {
            mode,
            problem: None,
        },
        Err(problem) => Chosen {
            mode: default,
            problem: Some(problem),
        },
    }
}

fn default_mode(response_type: Option<&str>) -> ResponseMode {
    let text = response_type.unwrap_or_default();
    match ResponseType::parse(text) {
        Some(known) => known.default_mode(),
        // Whoever waits for a token waits for the error at the same place.
        // [RFC 6749 section 4.2.2.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.2.2.1)
        None if text.split(' ').any(|word| word.ends_with("token")) => ResponseMode::Fragment,
        None => ResponseMode::Query,
    }
}

/// Whether a form can bring the answer, unaltered, where it belongs.
fn formable(request: &AuthorizationRequest) -> Result<(), &'static str> {
    let web = |uri: &String| {
        let scheme = uri.split(':').next().unwrap_or_default();
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    };
    if !request.redirect_uri.as_ref().is_some_and(web) {
        return Err("response_mode form_post needs an http or https address to post to");
    }
    // Browsers write every line break as CR LF.
    // [HTML section 4.10.21.4](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set)
    let altered = |state: &String| state.contains(['\r', '\n', '\0']);
    if request.state.as_ref().is_some_and(altered) {
        return Err("response_mode form_post cannot carry a state with line breaks");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        [response_type, response_mode]: [Option<&str>; 2],
        mode: ResponseMode,
        problem: Option<&str>,
    ) {
        let request = AuthorizationRequest {
            response_type: response_type.map(str::to_owned),
            response_mode: response_mode.map(str::to_owned),
            redirect_uri: Some("https://client.example/cb".to_owned()),
            ..AuthorizationRequest::default()
        };
        let chosen = choose(&request);
        assert_eq!(
            (chosen.mode, chosen.problem),
            (mode, problem),
            "{response_type:?} {response_mode:?}"
        );
    }

    #[test]
    fn a_mode_is_used_when_it_can_carry_the_answer() {
        use ResponseMode::{FormPost, Fragment, Query};
        let unknown = Some("response_mode must be query, fragment or form_post");
        let tokens = Some("response_mode query cannot carry tokens");
        for response_type in [None, Some("code"), Some("nonsense")] {
            check([response_type, None], Query, None);
            check([response_type, Some("query")], Query, None);
            check([response_type, Some("fragment")], Fragment, None);
            check([response_type, Some("form_post")], FormPost, None);
            check([response_type, Some("web_message")], Query, unknown);
        }
        for response_type in ["id_token", "token code", "token", "token nonsense"] {
            check([Some(response_type), None], Fragment, None);
            check([Some(response_type), Some("fragment")], Fragment, None);
            check([Some(response_type), Some("form_post")], FormPost, None);
            check([Some(response_type), Some("query")], Fragment, tokens);
            check([Some(response_type), Some("QUERY")], Fragment, unknown);
        }
    }

    #[test]
    fn a_form_is_only_used_where_it_alters_nothing_and_can_be_posted() {
        for (uri, state, works) in [
            ("HTTPS://client.example/cb", None, true),
            ("http://127.0.0.1:1/cb", Some("a b\t\u{7f}é"), true),
            ("aic-demo://auth-callback", None, false),
            ("httpsx://client.example", None, false),
            ("https://client.example/cb", Some("a\nb"), false),
            ("https://client.example/cb", Some("a\rb"), false),
            ("https://client.example/cb", Some("a\0b"), false),
        ] {
            let chosen = choose(&AuthorizationRequest {
                response_mode: Some("form_post".to_owned()),
                redirect_uri: Some(uri.to_owned()),
                state: state.map(str::to_owned),
                ..AuthorizationRequest::default()
            });
            assert_eq!(chosen.problem.is_none(), works, "{uri} {state:?}");
            assert_eq!(chosen.mode == ResponseMode::FormPost, works);
        }
    }
}
