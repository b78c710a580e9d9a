//! The token endpoint: of many who exchange the same thing, one wins.

use crate::{
    refresh::text,
    world::{CALLBACK, Reply, START, World, verifier},
};
use http::StatusCode;
use oidc::scope::Scope;
use std::sync::Arc;
use store::{Code, Login, Store, Token, TokenKind};

const ROUNDS: usize = 200;
const AT_ONCE: usize = 12;

/// Two providers on one database file, as two processes would run them.
struct Pair {
    worlds: [Arc<World>; 2],
    path: String,
}

impl Pair {
    async fn new() -> Self {
        crate::log::keep();
        let path = format!(
            "{}/race-{}.sqlite",
            env!("CARGO_TARGET_TMPDIR"),
            provider::random::key()
        );
        let open = async || {
            let store = Store::open(&format!("sqlite:{path}")).await.unwrap();
            Arc::new(World::on(store).await)
        };
        let worlds = [open().await, open().await];
        Self { worlds, path }
    }

    fn world(&self) -> &World {
        &self.worlds[0]
    }

    /// Sends the same to both, many times at once. Asserts that one wins, and
    /// returns what it was answered.
    async fn race<F>(&self, send: impl Fn(Arc<World>) -> F) -> Reply
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let tasks: Vec<_> = (0..AT_ONCE)
            .map(|number| tokio::spawn(send(Arc::clone(&self.worlds[number % 2]))))
            .collect();
        let mut won = Vec::new();
        for task in tasks {
            let reply = task.await.unwrap();
            if reply.status == StatusCode::OK {
                won.push(reply);
            } else {
                reply.error(400, "invalid_grant");
            }
        }
        assert_eq!(won.len(), 1);
        won.remove(0)
    }

    /// Asserts that the losers took the winner's tokens along: nobody knows
    /// which of them stole what they exchanged.
    async fn assert_dead(&self, answer: &Reply) {
        let answer = answer.json();
        for name in ["access_token", "refresh_token"] {
            let customer = &self.world().seed.customer_id;
            let token = self.world().store.token(customer, text(&answer, name));
            assert!(token.await.unwrap().unwrap().revoked, "{name}");
        }
    }

    async fn close(self) {
        for world in &self.worlds {
            world.store.close().await;
        }
        std::fs::remove_file(self.path).unwrap();
    }
}

/// Without `openid`: nothing has to be signed, so that requests meet more often.
fn login() -> (Scope, Login) {
    let scope = Scope::parse("profile").scope;
    let login = Login {
        requested: scope.clone(),
        claims: None,
        auth_time: START,
        sid: None,
    };
    (scope, login)
}

async fn keep_code(world: &World, code: &str) {
    let (scope, login) = login();
    let what = Code {
        customer_id: world.seed.customer_id.clone(),
        client_id: world.seed.clients[0].id.clone(),
        person_id: world.seed.people[0].profile.uuid.clone(),
        redirect_uri: CALLBACK.to_owned(),
        scope,
        login,
        nonce: None,
        code_challenge: Some(verifier().challenge().as_str().to_owned()),
        grant_id: code.to_owned(),
        issued_at: START,
        expires_at: START.plus(300),
    };
    world.store.insert_code(code, &what).await.unwrap();
}

async fn keep_refresh_token(world: &World, text: &str) {
    let (scope, login) = login();
    let token = Token {
        kind: TokenKind::Refresh,
        customer_id: world.seed.customer_id.clone(),
        client_id: world.seed.clients[0].id.clone(),
        person_id: Some(world.seed.people[0].profile.uuid.clone()),
        scope,
        login: Some(login),
        grant_id: text.to_owned(),
        jti: None,
        issued_at: START,
        expires_at: START.plus(300),
        revoked: false,
        used_at: None,
    };
    world.store.insert_tokens(&[(text, &token)]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_parallel_exchanges_of_a_code_one_wins_two_hundred_times() {
    let pair = Pair::new().await;
    for round in 0..ROUNDS {
        let code = format!("code {round}");
        keep_code(pair.world(), &code).await;
        let won = pair
            .race(|world| {
                let code = code.clone();
                async move { world.redeem(&code).await }
            })
            .await;
        pair.assert_dead(&won).await;
    }
    pair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_parallel_exchanges_of_a_refresh_token_one_wins_two_hundred_times() {
    let pair = Pair::new().await;
    for round in 0..ROUNDS {
        let refresh_token = format!("refresh token {round}");
        keep_refresh_token(pair.world(), &refresh_token).await;
        let won = pair
            .race(|world| {
                let refresh_token = refresh_token.clone();
                async move { world.refresh(&refresh_token).await }
            })
            .await;
        pair.assert_dead(&won).await;
    }
    pair.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_login_revoked_while_it_is_refreshed_leaves_nothing_alive() {
    let pair = Pair::new().await;
    for round in 0..ROUNDS / 4 {
        let refresh_token = format!("refresh token {round}");
        keep_refresh_token(pair.world(), &refresh_token).await;
        let [refreshing, revoking] = [0, 1].map(|number| {
            let (world, token) = (Arc::clone(&pair.worlds[number]), refresh_token.clone());
            tokio::spawn(async move {
                if number == 0 {
                    return world.refresh(&token).await;
                }
                let client = &world.seed.clients[0].id;
                let form = [("token", token.as_str()), ("client_id", client)];
                let path = world.path("login/token/revoke");
                world.post_form(&path, &form, None).await
            })
        });
        let refreshed = refreshing.await.unwrap();
        assert_eq!(revoking.await.unwrap().status, StatusCode::OK);
        if refreshed.status == StatusCode::OK {
            pair.assert_dead(&refreshed).await;
        } else {
            refreshed.error(400, "invalid_grant");
        }
    }
    pair.close().await;
}
