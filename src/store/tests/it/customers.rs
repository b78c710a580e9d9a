use crate::fixture::*;
use store::{ClientRefusal, Customer, NewCustomer, StoreError};

#[tokio::test]
async fn a_customer_comes_with_everything_it_starts_with_in_order() {
    let store = in_memory().await;

    assert_eq!(store.customer(OURS).await.unwrap(), Some(customer(OURS)));
    assert_eq!(
        store.customer_by_key(&key_of(OURS)).await.unwrap(),
        Some(customer(OURS))
    );
    assert_eq!(store.token_policies(OURS).await.unwrap(), token_policies());
    assert_eq!(store.login_policies(OURS).await.unwrap(), login_policies());
    assert_eq!(store.clients(OURS).await.unwrap(), clients());
    assert_eq!(store.people(OURS).await.unwrap(), persons());
}

#[tokio::test]
async fn each_thing_is_found_by_its_id() {
    let store = in_memory().await;

    let policy = store.token_policy(OURS, "policy-a").await.unwrap();
    assert_eq!(policy.as_ref(), token_policies().get(1));
    let login_policy = store.login_policy(OURS, "login-a").await.unwrap();
    assert_eq!(login_policy.as_ref(), login_policies().get(1));
    let client = store.client(OURS, "client-a").await.unwrap().unwrap();
    assert_eq!(client.secret.as_deref(), Some(SECRET));
    let person = store.person(OURS, "person-a").await.unwrap();
    assert_eq!(person.as_ref(), persons().get(1));
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let store = in_memory().await;

    assert_eq!(store.customer("nobody").await.unwrap(), None);
    assert_eq!(store.customer_by_key("no key").await.unwrap(), None);
    assert_eq!(store.token_policy(OURS, "none").await.unwrap(), None);
    assert_eq!(store.login_policy(OURS, "none").await.unwrap(), None);
    assert_eq!(store.client(OURS, "none").await.unwrap(), None);
    assert_eq!(store.person(OURS, "none").await.unwrap(), None);
    assert_eq!(store.credentials(OURS, "none").await.unwrap(), None);
    assert!(store.clients("nobody").await.unwrap().is_empty());
    assert!(!store.delete_customer("nobody").await.unwrap());
}

#[tokio::test]
async fn inserting_a_customer_again_changes_nothing() {
    let store = in_memory().await;
    let mut changed = token_policies().remove(0);
    changed.title = "Changed".to_owned();
    assert!(store.replace_token_policy(OURS, &changed).await.unwrap());

    let again = Customer {
        created_at: NOW.plus(9),
        ..customer(OURS)
    };
    assert!(!insert(&store, &again, Some(&key_of(OURS))).await);

    assert_eq!(store.customer(OURS).await.unwrap(), Some(customer(OURS)));
    assert_eq!(store.token_policies(OURS).await.unwrap()[0], changed);
}

#[tokio::test]
async fn a_customer_whose_people_share_an_address_is_not_written_at_all() {
    let store = in_memory().await;
    let mut twins = people();
    twins[1].person.profile.email = "zoË@example.COM".to_owned();
    let customer = customer("third");
    let new = NewCustomer {
        customer: &customer,
        key: None,
        token_policies: &[],
        login_policies: &[],
        clients: &[],
        people: &twins,
    };

    assert!(store.insert_customer(&new).await.is_err());
    assert_eq!(store.customer("third").await.unwrap(), None);
    // The connection is fit for the next one.
    assert!(insert(&store, &customer, None).await);
}

#[tokio::test]
async fn replacing_reaches_only_the_own_customer() {
    let store = in_memory().await;
    let mut policy = token_policies().remove(0);
    policy.allowed_scopes = scope("openid profile address");
    let mut client = clients().remove(1);
    client.secret = Some("another secret".to_owned());

    assert!(store.replace_token_policy(OURS, &policy).await.unwrap());
    store.replace_client(OURS, &client).await.unwrap().unwrap();

    // The order stays.
    assert_eq!(store.token_policies(OURS).await.unwrap()[0], policy);
    assert_eq!(store.clients(OURS).await.unwrap()[1], client);
    assert_eq!(
        store.token_policies(THEIRS).await.unwrap(),
        token_policies()
    );
    assert_eq!(store.clients(THEIRS).await.unwrap(), clients());
}

#[tokio::test]
async fn replacing_what_is_not_there_is_false() {
    let store = in_memory().await;
    let mut policy = token_policies().remove(0);
    policy.id = "none".to_owned();
    let client = clients().remove(0);

    assert!(!store.replace_token_policy(OURS, &policy).await.unwrap());
    let refused = store.replace_client("nobody", &client).await.unwrap();
    assert_eq!(refused, Err(ClientRefusal::NotFound));
}

#[tokio::test]
async fn people_sign_in_with_their_address_in_any_letters_or_their_user_name() {
    let store = in_memory().await;

    for login in ["Zoë@Example.com", "ZOË@EXAMPLE.COM", "zoe"] {
        let credentials = store.credentials(OURS, login).await.unwrap().unwrap();
        assert_eq!(credentials.person, persons()[0], "{login}");
        assert_eq!(credentials.password_hash, "$argon2id$hash");
    }
    for login in ["ZOE", "", "person-z"] {
        assert_eq!(store.credentials(OURS, login).await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_address_outranks_a_user_name_that_looks_like_it() {
    let store = in_memory().await;
    let mut people = people();
    people[1].person.username = Some("zoë@example.com".to_owned());
    let customer = customer("third");
    let new = NewCustomer {
        customer: &customer,
        key: None,
        token_policies: &[],
        login_policies: &[],
        clients: &[],
        people: &people,
    };
    assert!(store.insert_customer(&new).await.unwrap());

    let found = store.credentials("third", "zoë@example.com").await.unwrap();
    assert_eq!(found.unwrap().person, people[0].person);
}

#[tokio::test]
async fn using_a_customer_never_turns_its_time_back() {
    let store = in_memory().await;

    store.touch_customer(OURS, NOW.plus(10)).await.unwrap();
    store.touch_customer(OURS, NOW.plus(5)).await.unwrap();
    store.touch_customer("nobody", NOW).await.unwrap();

    let used = |customer: Option<Customer>| customer.unwrap().last_used_at;
    assert_eq!(used(store.customer(OURS).await.unwrap()), NOW.plus(10));
    assert_eq!(used(store.customer(THEIRS).await.unwrap()), NOW);
}

#[tokio::test]
async fn deleting_a_customer_takes_everything_of_it_and_nothing_else() {
    let store = in_memory().await;
    for id in [OURS, THEIRS] {
        fill(&store, id).await;
    }

    assert!(store.delete_customer(OURS).await.unwrap());

    assert_eq!(what_is_left(&store, OURS).await, 0);
    assert_eq!(what_is_left(&store, THEIRS).await, 11);
    // Written anew, it is empty of what it had.
    assert!(insert(&store, &customer(OURS), Some(&key_of(OURS))).await);
    assert_eq!(what_is_left(&store, OURS).await, 6);
}

async fn fill(store: &store::Store, id: &str) {
    let of = |what: &str| format!("{what} of {id}");
    store
        .insert_session(&of("session"), &session(id))
        .await
        .unwrap();
    store
        .insert_interaction(&of("interaction"), &interaction(id, "browser"))
        .await
        .unwrap();
    store.insert_code(&of("code"), &code(id)).await.unwrap();
    store
        .insert_tokens(&[(&of("token"), &token(id))])
        .await
        .unwrap();
    store.insert_run(&run(id, "run")).await.unwrap();
}

/// How many things of a customer can still be found.
async fn what_is_left(store: &store::Store, id: &str) -> usize {
    let of = |what: &str| format!("{what} of {id}");
    [
        store.customer(id).await.unwrap().is_some(),
        store.customer_by_key(&key_of(id)).await.unwrap().is_some(),
        !store.token_policies(id).await.unwrap().is_empty(),
        !store.login_policies(id).await.unwrap().is_empty(),
        !store.clients(id).await.unwrap().is_empty(),
        !store.people(id).await.unwrap().is_empty(),
        store
            .session(id, &of("session"), NOW)
            .await
            .unwrap()
            .is_some(),
        store
            .interaction(id, &of("interaction"), "browser", NOW)
            .await
            .unwrap()
            .is_some(),
        store.code(id, &of("code")).await.unwrap().is_some(),
        store.token(id, &of("token")).await.unwrap().is_some(),
        store.run(id, "run").await.unwrap().is_some(),
    ]
    .into_iter()
    .filter(|there| *there)
    .count()
}

#[tokio::test]
async fn nothing_can_be_written_for_a_customer_that_is_gone() {
    let store = in_memory().await;
    assert!(store.delete_customer(OURS).await.unwrap());

    let session = store.insert_session("k", &session(OURS)).await;
    assert!(matches!(session, Err(StoreError::Orphan)));
    let interaction = store.insert_interaction("k", &interaction(OURS, "b")).await;
    assert!(matches!(interaction, Err(StoreError::Orphan)));
    let code = store.insert_code("k", &code(OURS)).await;
    assert!(matches!(code, Err(StoreError::Orphan)));
    let token = store.insert_tokens(&[("k", &token(OURS))]).await;
    assert!(matches!(token, Err(StoreError::Orphan)));
    let run = store.insert_run(&run(OURS, "r")).await;
    assert!(matches!(run, Err(StoreError::Orphan)));
}
