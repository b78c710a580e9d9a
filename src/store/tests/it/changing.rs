//! Creating, replacing and deleting one thing at a time.

use crate::fixture::*;
use policy::{
    client::Client, login_policy::LoginPolicy, profile::Person, token_policy::TokenPolicy,
};
use serde_json::json;
use store::{ClientRefusal, Deletion, Registration, Store, StoreError};

fn new_client() -> Client {
    Client {
        id: "client-new".to_owned(),
        name: "New".to_owned(),
        ..clients().remove(0)
    }
}

#[tokio::test]
async fn policies_are_added_at_the_end_and_deleted_when_no_client_uses_them() {
    let store = in_memory().await;
    let token_policy = TokenPolicy {
        id: "policy-b".to_owned(),
        ..token_policies().remove(0)
    };
    let login_policy = LoginPolicy::new("login-b".to_owned(), "New".to_owned());
    store
        .insert_token_policy(OURS, &token_policy)
        .await
        .unwrap();
    store
        .insert_login_policy(OURS, &login_policy)
        .await
        .unwrap();
    assert_eq!(store.token_policies(OURS).await.unwrap()[2], token_policy);
    assert_eq!(store.login_policies(OURS).await.unwrap()[2], login_policy);

    let used = Deletion::InUse(vec!["client-z".to_owned()]);
    assert_eq!(
        store.delete_token_policy(OURS, "policy-z").await.unwrap(),
        used
    );
    assert_eq!(
        store.delete_login_policy(OURS, "login-z").await.unwrap(),
        used
    );
    for (id, login, expected) in [
        ("policy-b", "login-b", Deletion::Done),
        ("policy-b", "login-b", Deletion::NotFound),
    ] {
        assert_eq!(store.delete_token_policy(OURS, id).await.unwrap(), expected);
        assert_eq!(
            store.delete_login_policy(OURS, login).await.unwrap(),
            expected
        );
    }
    assert_eq!(
        store.token_policies(THEIRS).await.unwrap(),
        token_policies()
    );
}

#[tokio::test]
async fn nothing_is_added_to_a_customer_that_is_not_there() {
    let store = in_memory().await;
    let policy = token_policies().remove(0);
    let added = store.insert_token_policy("nobody", &policy).await;
    assert!(matches!(added, Err(StoreError::Orphan)));
    let added = store.insert_person("nobody", &people()[0]).await;
    assert!(matches!(added, Err(StoreError::Orphan)));
}

#[tokio::test]
async fn a_login_policy_is_replaced_whole() {
    let store = in_memory().await;
    let mut policy = login_policies().remove(0);
    policy.push_claims = true;
    assert!(store.replace_login_policy(OURS, &policy).await.unwrap());
    let kept = store.login_policy(OURS, &policy.id).await.unwrap();
    assert_eq!(kept, Some(policy.clone()));
    policy.id = "none".to_owned();
    assert!(!store.replace_login_policy(OURS, &policy).await.unwrap());
}

#[tokio::test]
async fn a_client_needs_policies_that_exist_and_a_name_of_its_own() {
    let store = in_memory().await;
    let good = new_client();
    for (client, refusal) in [
        (
            Client {
                token_policy: "none".to_owned(),
                ..good.clone()
            },
            ClientRefusal::NoTokenPolicy,
        ),
        (
            Client {
                login_policy: Some("none".to_owned()),
                ..good.clone()
            },
            ClientRefusal::NoLoginPolicy,
        ),
        (
            Client {
                name: "Storefront".to_owned(),
                ..good.clone()
            },
            ClientRefusal::NameTaken,
        ),
    ] {
        let inserted = store.insert_client(OURS, &client, None).await.unwrap();
        assert_eq!(inserted, Err(refusal));
    }
    store
        .insert_client(OURS, &good, None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(store.clients(OURS).await.unwrap()[2], good);

    // Its own name does not stand in its way, another's does.
    store.replace_client(OURS, &good).await.unwrap().unwrap();
    let renamed = Client {
        name: "Storefront".to_owned(),
        ..good.clone()
    };
    let replaced = store.replace_client(OURS, &renamed).await.unwrap();
    assert_eq!(replaced, Err(ClientRefusal::NameTaken));
    assert_eq!(
        store.client(OURS, &good.id).await.unwrap(),
        Some(good.clone())
    );

    assert!(store.delete_client(OURS, &good.id).await.unwrap());
    assert!(!store.delete_client(OURS, &good.id).await.unwrap());
}

/// Why a change came to nothing.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Client(#[from] ClientRefusal),
    #[error("the caller refused")]
    Caller,
}

#[tokio::test]
async fn a_client_is_changed_as_its_caller_says_or_not_at_all() {
    let store = in_memory().await;
    let change = async |id: &str, change: fn(Client) -> Result<Client, Failed>| {
        store.change_client(OURS, id, change).await
    };
    let changed = change("client-a", |client| {
        Ok(Client {
            secret: Some("new".to_owned()),
            ..client
        })
    });
    let expected = Client {
        secret: Some("new".to_owned()),
        ..clients().remove(1)
    };
    assert_eq!(changed.await.unwrap(), expected);
    let refused = change("client-a", |_| Err(Failed::Caller)).await;
    assert!(matches!(refused, Err(Failed::Caller)));
    let refused = change("client-a", |client| {
        Ok(Client {
            name: "Storefront".to_owned(),
            ..client
        })
    });
    assert!(matches!(
        refused.await,
        Err(Failed::Client(ClientRefusal::NameTaken))
    ));
    let refused = change("none", Ok).await;
    assert!(matches!(
        refused,
        Err(Failed::Client(ClientRefusal::NotFound))
    ));
    let kept = store.client(OURS, "client-a").await.unwrap();
    assert_eq!(kept, Some(expected));
    assert_eq!(store.clients(THEIRS).await.unwrap(), clients());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_at_once_none_is_lost() {
    let store = in_memory().await;
    let add = async |store: Store, number: usize| {
        let changed = store.change_login_policy(OURS, "login-z", |mut policy| {
            policy.title.push('!');
            policy.push_claims = number == 0 || policy.push_claims;
            Ok::<_, StoreError>(policy)
        });
        changed.await.unwrap().unwrap();
    };
    let crowd: Vec<_> = (0..20)
        .map(|number| tokio::spawn(add(store.clone(), number)))
        .collect();
    for one in crowd {
        one.await.unwrap();
    }
    let kept = store.login_policy(OURS, "login-z").await.unwrap().unwrap();
    assert_eq!(kept.title, format!("Hosted Login{}", "!".repeat(20)));
    assert!(kept.push_claims);

    let refuse = |_| Err(Failed::Caller);
    let refused = store.change_login_policy(OURS, "login-z", refuse).await;
    assert!(matches!(refused, Err(Failed::Caller)));
    let missing = store.change_login_policy(OURS, "none", Ok::<_, StoreError>);
    assert_eq!(missing.await.unwrap(), None);
}

#[tokio::test]
async fn a_registration_is_shown_to_whoever_holds_its_token() {
    let store = in_memory().await;
    let metadata = json!({"client_name": "New"}).as_object().unwrap().clone();
    let registration = Registration {
        metadata: metadata.clone(),
        token: "the key".to_owned(),
    };
    store
        .insert_client(OURS, &new_client(), Some(&registration))
        .await
        .unwrap()
        .unwrap();

    let shown = store
        .registration(OURS, "client-new", "the key")
        .await
        .unwrap();
    assert_eq!(shown.map(|shown| shown.metadata), Some(metadata.clone()));
    for (customer, client, expected) in [
        (OURS, "client-new", Some(&metadata)),
        (OURS, "client-z", None),
        (THEIRS, "client-new", None),
    ] {
        let known = store.registered_metadata(customer, client).await.unwrap();
        assert_eq!(known.as_ref(), expected);
    }
    for (customer, client, token) in [
        (OURS, "client-new", "another key"),
        (OURS, "client-z", "the key"),
        (THEIRS, "client-new", "the key"),
    ] {
        let shown = store.registration(customer, client, token).await.unwrap();
        assert!(shown.is_none(), "{customer} {client} {token}");
    }
}

#[tokio::test]
async fn nobody_takes_the_name_somebody_else_signs_in_with() {
    let store = in_memory().await;
    for taken in [
        person("person-n", "ZOË@example.com", None),
        person("person-n", "", Some("zoe")),
        person("person-z", "n@example.com", None),
    ] {
        assert!(!store.insert_person(OURS, &taken).await.unwrap());
    }
    let mut new = person("person-n", "n@example.com", None);
    assert!(store.insert_person(OURS, &new).await.unwrap());
    assert_eq!(store.people(OURS).await.unwrap()[2], new.person);

    new.person.username = Some("zoe".to_owned());
    let replaced = store.replace_person(OURS, &new.person).await.unwrap();
    assert_eq!(replaced, Some(false));
    new.person.username = Some("nora".to_owned());
    let replaced = store.replace_person(OURS, &new.person).await.unwrap();
    assert_eq!(replaced, Some(true));
    let found = store.credentials(OURS, "nora").await.unwrap().unwrap();
    assert_eq!(found, new);
    // A taken name takes the new password along.
    let with_password = async |person: &Person, hash: &'static str| {
        let replaced = store.replace_credentials(OURS, person, Some(hash)).await;
        let kept = store.credentials(OURS, "nora").await.unwrap().unwrap();
        (replaced.unwrap(), kept.password_hash)
    };
    let mut taken = new.person.clone();
    taken.username = Some("zoe".to_owned());
    let refused = (Some(false), new.password_hash.clone());
    assert_eq!(with_password(&taken, "set").await, refused);
    let set = (Some(true), "set".to_owned());
    assert_eq!(with_password(&new.person, "set").await, set);
    new.person.profile.uuid = "none".to_owned();
    assert_eq!(store.replace_person(OURS, &new.person).await.unwrap(), None);
}

#[tokio::test]
async fn numbers_of_a_person_are_kept_to_the_last_digit() {
    let store = in_memory().await;
    let mut new = person("person-n", "n@example.com", None);
    // Read quickly instead of exactly, these come out as their neighbours.
    for (name, number) in [("a", 1.313_816_438_085_143_4e-171), ("b", 1e23)] {
        let attributes = &mut new.person.profile.attributes;
        attributes.insert(name.to_owned(), json!(number));
    }
    assert!(store.insert_person(OURS, &new).await.unwrap());
    assert_eq!(store.people(OURS).await.unwrap()[2], new.person);
}

#[tokio::test]
async fn a_person_goes_with_their_sessions() {
    let store = in_memory().await;
    store.insert_session("s", &session(OURS)).await.unwrap();
    assert!(store.delete_person(OURS, "person-z").await.unwrap());
    assert_eq!(store.session(OURS, "s", NOW).await.unwrap(), None);
    assert!(!store.delete_person(OURS, "person-z").await.unwrap());
    assert_eq!(store.people(THEIRS).await.unwrap(), persons());
}

#[tokio::test]
async fn a_forgotten_password_is_set_once_and_ends_every_session() {
    let store = in_memory().await;
    store.insert_session("s", &session(OURS)).await.unwrap();
    let expires_at = NOW.plus(60);
    store
        .insert_password_reset(OURS, "key", "person-z", expires_at)
        .await
        .unwrap();
    let asked = store.password_reset(OURS, "key", NOW).await.unwrap();
    assert_eq!(asked.as_deref(), Some("person-z"));
    for (customer, key, now) in [
        (THEIRS, "key", NOW),
        (OURS, "other", NOW),
        (OURS, "key", expires_at),
    ] {
        assert_eq!(
            store.password_reset(customer, key, now).await.unwrap(),
            None
        );
        let reset = store
            .reset_password(customer, key, "new", now)
            .await
            .unwrap();
        assert_eq!(reset, None);
    }
    let reset = store.reset_password(OURS, "key", "new", NOW).await.unwrap();
    assert_eq!(reset.as_deref(), Some("person-z"));
    assert_eq!(
        store
            .reset_password(OURS, "key", "newer", NOW)
            .await
            .unwrap(),
        None
    );
    let kept = store.credentials(OURS, "zoe").await.unwrap().unwrap();
    assert_eq!(kept.password_hash, "new");
    assert_eq!(store.session(OURS, "s", NOW).await.unwrap(), None);
    assert!(store.set_password(OURS, "person-z", "set").await.unwrap());
    assert!(!store.set_password(OURS, "nobody", "set").await.unwrap());
}

#[tokio::test]
async fn signing_out_by_sid_ends_every_session_of_the_person() {
    let store = in_memory().await;
    store.insert_session("here", &session(OURS)).await.unwrap();
    let mut elsewhere = session(OURS);
    elsewhere.sid = "another sid".to_owned();
    store.insert_session("there", &elsewhere).await.unwrap();
    store
        .insert_session("theirs", &session(THEIRS))
        .await
        .unwrap();

    assert_eq!(
        store.delete_sessions_by_sid(OURS, "no such").await.unwrap(),
        0
    );
    assert_eq!(
        store
            .delete_sessions_by_sid(OURS, "public-sid")
            .await
            .unwrap(),
        2
    );
    assert!(
        store
            .session(THEIRS, "theirs", NOW)
            .await
            .unwrap()
            .is_some()
    );
}
