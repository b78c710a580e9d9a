//! The log has a line for every request and no secret in any.

use crate::{html, site::Site};
use server::{cli::LogLevel, logging};
use std::{io::Write, sync::Mutex};

/// Everything that is logged in this process, by whichever test.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_whole_story_leaves_no_secret_in_the_log() {
    // For the whole process: `tracing` remembers for each place whether anybody
    // listens, and one thread's listener would be missed by another's memory.
    tracing_subscriber::fmt()
        .with_env_filter(logging::filter(LogLevel::Debug))
        .with_ansi(false)
        .with_writer(|| Log)
        .init();

    let site = Site::new().await;
    let mut visitor = site.visitor();
    let start = visitor.get("/").await;
    let form = html::form(&start.body, "/runs");
    let mut secrets: Vec<String> = form
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "state" | "nonce" | "code_verifier"))
        .map(|(_, value)| value.clone())
        .collect();
    assert_eq!(secrets.len(), 3, "{form:?}");

    let page = visitor.post("/runs", &form).await;
    let page = visitor.get(page.location()).await;
    let (_, query) = page.location().split_once('?').unwrap();
    let code = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    secrets.push(code);
    let page = visitor.get(page.location()).await;
    let address = page.location().to_owned();
    let key = visitor.cookies["sandbox"].clone();
    let customer = site.store.customer_by_key(&key).await.unwrap().unwrap().id;
    let id = address.strip_prefix("/runs/").unwrap();
    let run = site.store.run(&customer, id).await.unwrap().unwrap();
    let run: serde_json::Value = serde_json::from_str(&run.body).unwrap();
    for token in ["access_token", "id_token"] {
        secrets.push(run["token"][token].as_str().unwrap().to_owned());
    }
    for client in site.store.clients(&customer).await.unwrap() {
        secrets.extend(client.secret);
    }
    // A fix uses administrative credentials; a failed sign-in a password.
    let fix = [("scope".to_owned(), "address".to_owned())];
    let page = visitor.post(&format!("{address}/add-scopes"), &fix).await;
    visitor.follow(page).await;
    let mut stranger = site.visitor();
    let asked = "/00000000-0000-4000-8000-000000000001/login/authorize\
        ?client_id=00000000-0000-4000-8000-000000000032&response_type=code&scope=openid\
        &redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcallback";
    let page = stranger.get(asked).await;
    let interaction = page
        .location()
        .split_once("interaction=")
        .unwrap()
        .1
        .to_owned();
    let action = "/00000000-0000-4000-8000-000000000001/auth-ui/login";
    let typed = [
        ("interaction", interaction.as_str()),
        ("email", "alice"),
        ("password", "the-wrong-password"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    stranger.post(action, &typed).await;
    secrets.extend([interaction, "the-wrong-password".to_owned()]);
    secrets.extend(visitor.cookies.into_values());
    secrets.extend(stranger.cookies.into_values());

    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("path=\"/runs/{id}/add-scopes\" status=303"),
        "{log}"
    );
    for secret in secrets {
        assert!(secret.len() > 8, "{secret}");
        assert!(!log.contains(&secret), "{secret} in {log}");
    }
    for never in ["?", "scope=", id, "client_secret"] {
        assert!(!log.contains(never), "{never} in {log}");
    }
}
