use crate::world::{PUBLIC_URL, World};
use diagnosis::evidence::Draft;
use playground::{BeginError, Link};

#[tokio::test]
async fn the_browser_is_sent_to_exactly_the_drafts_request() {
    let world = World::new().await;
    let sandbox = world.sandbox().await;
    let draft = world.draft().await;
    let expected = draft
        .request(&sandbox.redirect_uri)
        .url(&sandbox.authorization_endpoint);
    assert_eq!(world.begin(draft).await.location, expected);
}

#[tokio::test]
async fn the_first_page_proposes_a_request_that_will_lose_its_address() {
    let world = World::new().await;
    let sandbox = world.sandbox().await;
    let draft = world.draft().await;
    assert_eq!(draft.scope, "openid profile address");
    assert_eq!(draft.client, sandbox.clients[0].id);
    assert_eq!(draft.person.as_ref(), Some(&sandbox.people[0].profile.uuid));
    assert!(draft.state.is_some() && draft.nonce.is_some() && draft.code_verifier.is_some());
    assert_ne!(draft.state, world.draft().await.state);
    assert_eq!(sandbox.redirect_uri, format!("{PUBLIC_URL}/callback"));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_two_runs() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run(draft.clone()).await;
    let second = world.run(draft.clone()).await;
    assert_ne!(first.id, second.id);
    assert_eq!(first.draft.state, draft.state);
    assert_ne!(second.draft.state, draft.state);
    assert_ne!(second.draft.nonce, draft.nonce);
    assert_ne!(second.draft.code_verifier, draft.code_verifier);
    assert_eq!(second.draft.scope, draft.scope);
}

#[tokio::test]
async fn a_typed_state_is_kept_however_often_it_is_used() {
    let mut world = World::new().await;
    let draft = Draft {
        state: Some("my own state".to_owned()),
        ..world.draft().await
    };
    let first = world.run(draft.clone()).await;
    let second = world.run(draft).await;
    assert_ne!(first.id, second.id);
    for run in [first, second] {
        assert_eq!(run.draft.state.as_deref(), Some("my own state"));
    }
}

#[tokio::test]
async fn a_draft_that_cannot_be_sent_is_told() {
    let world = World::new().await;
    let draft = world.draft().await;
    let begin = |draft| world.playground.begin(&world.key, draft, Link::default());
    let client = Draft {
        client: "nobody".to_owned(),
        ..draft.clone()
    };
    assert!(matches!(
        begin(client).await,
        Err(BeginError::UnknownClient)
    ));
    let endless = Draft {
        scope: format!("openid {}", "x".repeat(8000)),
        ..draft.clone()
    };
    assert!(matches!(begin(endless).await, Err(BeginError::TooLong)));
    let person = Draft {
        person: Some("nobody".to_owned()),
        ..draft
    };
    assert!(matches!(
        begin(person).await,
        Err(BeginError::UnknownPerson)
    ));
}

#[tokio::test]
async fn a_run_keeps_what_it_follows() {
    let mut world = World::new().await;
    let draft = world.draft().await;
    let first = world.run_id(draft.clone()).await;
    let link = Link {
        previous: Some(first.clone()),
        change: None,
    };
    let begun = world
        .playground
        .begin(&world.key, draft, link)
        .await
        .unwrap();
    let second = world.finish(&begun).await;
    assert_eq!(world.read(&second).await.previous, Some(first));
}
