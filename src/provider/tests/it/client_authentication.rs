//! The token endpoint: how a client proves who it is.

use crate::world::{CALLBACK, World, basic, encode};
use http::StatusCode;

/// More form fields, and an `Authorization` header.
type Proof<'a> = (&'a [(&'a str, &'a str)], Option<String>);

#[tokio::test]
async fn a_confidential_client_proves_itself_in_one_of_two_ways() {
    let world = World::new().await;
    let request = world.server_request("openid");
    let client = &world.seed.clients[1];
    let (id, secret) = (client.id.as_str(), client.secret.as_deref().unwrap());
    let escaped = id.replace('-', "%2D").replace('0', "%30");
    let proofs: [Proof<'_>; 5] = [
        (&[], Some(basic(id, secret))),
        (&[], Some(basic(id, secret).replacen("Basic", "bAsIc", 1))),
        // Form-encoded before it was joined, as it should be.
        (&[], Some(basic(&escaped, secret))),
        (&[("client_id", id)], Some(basic(id, secret))),
        (&[("client_id", id), ("client_secret", secret)], None),
    ];
    for (more, authorization) in proofs {
        let code = world.code_for(&request).await;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code", &code),
        ];
        form.extend(more);
        let reply = world.token(&form, authorization.as_deref()).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    }
}

#[tokio::test]
async fn a_client_that_does_not_prove_itself_is_refused() {
    let world = World::new().await;
    let [public, confidential, _] = &world.seed.clients[..] else {
        panic!("three clients")
    };
    let (id, secret) = (
        confidential.id.as_str(),
        confidential.secret.as_deref().unwrap(),
    );
    let code = world.code_for(&world.server_request("openid")).await;
    let attempt = async |more: &[(&str, &str)], authorization: Option<String>| {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("redirect_uri", CALLBACK),
            ("code", &code),
        ];
        form.extend(more);
        world.token(&form, authorization.as_deref()).await
    };
    let unproven: [Proof<'_>; 13] = [
        (&[], None),
        (&[("client_id", id)], None),
        (&[("client_id", "unknown")], None),
        (&[("client_id", id), ("client_secret", "wrong")], None),
        (&[("client_id", "unknown"), ("client_secret", secret)], None),
        // A public client has no secret, not even an empty one in a header.
        (&[("client_id", &public.id), ("client_secret", "x")], None),
        (&[], Some(basic(&public.id, ""))),
        (&[], Some(basic(id, ""))),
        (&[], Some(basic(id, &secret[1..]))),
        (&[], Some(basic("unknown", secret))),
        (&[], Some("Basic !!!".to_owned())),
        (&[], Some("Basic bm9jb2xvbg==".to_owned())),
        (&[], Some(format!("Bearer {secret}"))),
    ];
    for (more, authorization) in unproven {
        let reply = attempt(more, authorization.clone()).await;
        reply.error(401, "invalid_client");
        let challenge = reply.header("www-authenticate").unwrap();
        assert!(
            challenge.starts_with("Basic "),
            "{more:?} {authorization:?}"
        );
    }
    let unclear: [Proof<'_>; 2] = [
        (
            &[("client_id", id), ("client_secret", secret)],
            Some(basic(id, secret)),
        ),
        (&[("client_id", &public.id)], Some(basic(id, secret))),
    ];
    for (more, authorization) in unclear {
        let reply = attempt(more, authorization).await;
        reply.error(400, "invalid_request");
    }
    assert_eq!(world.redeem_as_server(&code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn credentials_in_the_address_are_refused() {
    let world = World::new().await;
    let client = &world.seed.clients[1];
    let secret = client.secret.as_deref().unwrap();
    let path = format!(
        "{}?{}",
        world.path("login/token"),
        encode(&[("client_id", &client.id), ("client_secret", secret)])
    );
    let form = [("grant_type", "client_credentials")];
    world
        .post_form(&path, &form, None)
        .await
        .error(400, "invalid_request");
}
