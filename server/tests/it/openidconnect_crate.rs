//! The Rust crate `openidconnect` as a client: not ours, and knowing nothing but
//! the issuer.

mod application;

use crate::site::Site;
use application::{Application, CALLBACK, GOODBYE, discover, register, sign_in};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthenticationFlow, AuthorizationCodeHash, CsrfToken,
    LogoutRequest, OAuth2TokenResponse as _, PostLogoutRedirectUrl, RequestTokenError,
    ResponseTypes, Scope, TokenIntrospectionResponse as _, TokenResponse as _,
    core::{
        CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreJwsSigningAlgorithm,
        CoreResponseType, CoreUserInfoClaims,
    },
};

#[tokio::test]
async fn userinfo_tells_about_the_person_of_the_id_token() {
    let site = Site::new().await;
    let application = Application::register(&site, |request| request).await;
    let (tokens, nonce) = application.sign_in(&mut site.visitor()).await;
    let claims = application.claims(&tokens, &nonce);
    let userinfo: CoreUserInfoClaims = application
        .client
        .user_info(
            tokens.access_token().clone(),
            Some(claims.subject().clone()),
        )
        .unwrap()
        .request_async(&application.network)
        .await
        .unwrap();
    let given = userinfo.given_name().unwrap().get(None).unwrap();
    assert_eq!(given.as_str(), "Alice");
    let address = userinfo.address().unwrap();
    assert_eq!(address.locality.as_ref().unwrap().as_str(), "Portland");
    assert_eq!(userinfo.phone_number_verified(), Some(false));
}

#[tokio::test]
async fn a_refreshed_id_token_is_of_the_same_login() {
    let site = Site::new().await;
    let application = Application::register(&site, |request| request).await;
    let (tokens, nonce) = application.sign_in(&mut site.visitor()).await;
    let before = application.claims(&tokens, &nonce);
    site.clock.advance(30);
    let refreshed = application
        .refresh(tokens.refresh_token().unwrap())
        .await
        .unwrap();
    let verifier = application.verifier();
    let after = refreshed.id_token().unwrap();
    let after = after.claims(&verifier, |_: Option<&_>| Ok(())).unwrap();
    assert_eq!(after.subject(), before.subject());
    assert_eq!(after.audiences(), before.audiences());
    assert_eq!(after.auth_time(), before.auth_time());
    assert!(after.issue_time() > before.issue_time());
    let [old, new] = [&tokens, &refreshed].map(|tokens| tokens.access_token().secret());
    assert_ne!(old, new);
}

#[tokio::test]
async fn a_revoked_login_is_told_as_inactive() {
    let site = Site::new().await;
    let application = Application::register(&site, |request| request).await;
    let (tokens, _) = application.sign_in(&mut site.visitor()).await;
    let Application {
        client, network, ..
    } = &application;
    let asked = || client.introspect(tokens.access_token());
    let state = asked().request_async(network).await.unwrap();
    assert!(state.active());
    assert_eq!(state.client_id(), Some(client.client_id()));
    let revoked = tokens.refresh_token().unwrap().clone().into();
    let revocation = client.revoke_token(revoked).unwrap();
    revocation.request_async(network).await.unwrap();
    assert!(!asked().request_async(network).await.unwrap().active());
}

#[tokio::test]
async fn signing_out_leads_back_and_ends_the_session() {
    let site = Site::new().await;
    let application = Application::register(&site, |request| request).await;
    let mut browser = site.visitor();
    let (tokens, _) = application.sign_in(&mut browser).await;
    let logout = application.metadata.additional_metadata();
    let state = CsrfToken::new_random();
    let address = LogoutRequest::from(logout.end_session_endpoint.clone().unwrap())
        .set_id_token_hint(tokens.id_token().unwrap())
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(GOODBYE.to_owned()).unwrap())
        .set_state(state.clone())
        .http_get_url();
    let back = sign_in(&mut browser, address.as_str()).await;
    assert_eq!(back, format!("{GOODBYE}?state={}", state.secret()));

    let flow = AuthenticationFlow::AuthorizationCode;
    let prompt = Some(CoreAuthPrompt::None);
    let answer = application.authorize(&mut browser, flow, prompt).await;
    assert_eq!(answer.get("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn the_seeded_clients_sign_people_in_without_and_with_a_secret() {
    let site = Site::new().await;
    let port = "http://127.0.0.1:49152/callback";
    for (index, redirect_uri, granted) in [
        (0, port, "openid profile"),
        (
            1,
            "http://127.0.0.1/callback",
            "openid profile email address phone",
        ),
    ] {
        let application = Application::seeded(&site, index, redirect_uri).await;
        let (tokens, nonce) = application.sign_in(&mut site.visitor()).await;
        application.claims(&tokens, &nonce);
        let scopes = tokens.scopes().unwrap();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        assert_eq!(scopes.join(" "), granted);
    }
}

#[tokio::test]
async fn tokens_of_the_front_channel_are_bound_to_the_id_token_in_every_response_type() {
    use CoreResponseType::{Code, IdToken, Token};
    let site = Site::new().await;
    let mut browser = site.visitor();
    for (flow, types) in [
        (AuthenticationFlow::Implicit(false), vec![IdToken]),
        (AuthenticationFlow::Implicit(true), vec![IdToken, Token]),
        (
            AuthenticationFlow::Hybrid(vec![Code, IdToken]),
            vec![Code, IdToken],
        ),
        (
            AuthenticationFlow::Hybrid(vec![Code, Token]),
            vec![Code, Token],
        ),
        (
            AuthenticationFlow::Hybrid(vec![Code, IdToken, Token]),
            vec![Code, IdToken, Token],
        ),
    ] {
        let registered = vec![ResponseTypes::new(types.clone())];
        let set = |request: application::Registration| request.set_response_types(Some(registered));
        let application = Application::register(&site, set).await;
        let answer = application.authorize(&mut browser, flow, None).await;
        let has = |name: &str| answer.get(name).is_some();
        let wanted = (
            types.contains(&Code),
            types.contains(&IdToken),
            types.contains(&Token),
        );
        assert_eq!(
            (has("code"), has("id_token"), has("access_token")),
            wanted,
            "{types:?}"
        );

        let verifier = application.verifier();
        let front = answer.id_token().map(|token| {
            let claims = token.claims(&verifier, &answer.nonce).unwrap().clone();
            let algorithm = token.signing_alg().unwrap();
            let key = token.signing_key(&verifier).unwrap();
            let access_token = answer.get("access_token").map(AccessToken::new);
            let at_hash = access_token
                .map(|token| AccessTokenHash::from_token(&token, algorithm, key).unwrap());
            let c_hash = answer
                .code()
                .map(|code| AuthorizationCodeHash::from_code(&code, algorithm, key).unwrap());
            assert_eq!(claims.access_token_hash(), at_hash.as_ref(), "{types:?}");
            assert_eq!(claims.code_hash(), c_hash.as_ref(), "{types:?}");
            claims
        });
        if types.contains(&Code) {
            let (tokens, nonce) = application.exchange(answer).await;
            let claims = application.claims(&tokens, &nonce);
            if let Some(front) = front {
                assert_eq!(front.subject(), claims.subject());
                assert_eq!(front.issuer(), claims.issuer());
            }
        }
    }
}

#[tokio::test]
async fn id_tokens_are_signed_as_registered() {
    let site = Site::new().await;
    for algorithm in [
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        CoreJwsSigningAlgorithm::EdDsa,
    ] {
        let registered = algorithm.clone();
        let application = Application::register(&site, |request| {
            request.set_id_token_signed_response_alg(Some(registered))
        })
        .await;
        let (tokens, nonce) = application.sign_in(&mut site.visitor()).await;
        application.claims(&tokens, &nonce);
        assert_eq!(
            tokens.id_token().unwrap().signing_alg().unwrap(),
            &algorithm
        );
    }
}

#[tokio::test]
async fn an_id_token_of_another_login_or_of_the_past_is_refused() {
    let site = Site::new().await;
    let application = Application::register(&site, |request| request).await;
    let (tokens, nonce) = application.sign_in(&mut site.visitor()).await;
    let (_, other) = application.sign_in(&mut site.visitor()).await;
    let token = tokens.id_token().unwrap();
    assert!(token.claims(&application.verifier(), &nonce).is_ok());
    assert!(token.claims(&application.verifier(), &other).is_err());
    site.clock.advance(3601);
    assert!(token.claims(&application.verifier(), &nonce).is_err());
}

#[tokio::test]
async fn refusals_are_understood() {
    let site = Site::new().await;
    let application = Application::register(&site, |request| request).await;
    let (tokens, _) = application.sign_in(&mut site.visitor()).await;
    let first = tokens.refresh_token().unwrap();
    let second = application.refresh(first).await.unwrap();
    for replayed in [first, second.refresh_token().unwrap()] {
        let Err(RequestTokenError::ServerResponse(refusal)) = application.refresh(replayed).await
        else {
            panic!("a refresh token was taken twice");
        };
        assert_eq!(refusal.error(), &CoreErrorResponseType::InvalidGrant);
    }

    let request = application.client.exchange_client_credentials().unwrap();
    let refused = request.request_async(&application.network).await;
    let Err(RequestTokenError::ServerResponse(refusal)) = refused else {
        panic!("a login client got an administrative token");
    };
    assert_eq!(refusal.error(), &CoreErrorResponseType::UnauthorizedClient);
}

#[tokio::test]
async fn the_configuration_client_gets_an_administrative_token() {
    let site = Site::new().await;
    let application = Application::seeded(&site, 2, CALLBACK).await;
    let request = application.client.exchange_client_credentials().unwrap();
    let tokens = request
        .add_scope(Scope::new("*:config/**".to_owned()))
        .request_async(&application.network)
        .await
        .unwrap();
    assert_eq!(tokens.scopes().unwrap()[0].as_str(), "*:config/**");
    assert!(tokens.id_token().is_none() && tokens.refresh_token().is_none());
}

#[tokio::test]
async fn what_was_registered_is_told() {
    let site = Site::new().await;
    let metadata = discover(&site).await;
    let confidential = register(&site, &metadata, |request| {
        request.set_token_endpoint_auth_method(Some(CoreClientAuthMethod::ClientSecretPost))
    })
    .await;
    assert_eq!(confidential.redirect_uris()[0].as_str(), CALLBACK);
    let targets = &confidential.additional_metadata().post_logout_redirect_uris;
    assert_eq!(targets[0].as_str(), GOODBYE);
    assert!(confidential.client_secret().is_some());
    let public = register(&site, &metadata, |request| {
        request.set_token_endpoint_auth_method(Some(CoreClientAuthMethod::None))
    })
    .await;
    assert!(public.client_secret().is_none());
    assert_ne!(public.client_id(), confidential.client_id());
    assert!(public.registration_access_token().is_some());
}
