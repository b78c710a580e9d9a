//! The administrative token lab, as a browser without scripts lives it.

use crate::{
    html,
    site::{Browser, Page, Site},
};
use http::StatusCode;
use playground::SandboxView;
use provider::SandboxKey;

const LAB: &str = "/admin-tokens";

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    fields.iter().map(owned).collect()
}

async fn sandbox(site: &Site, visitor: &Browser) -> SandboxView {
    let key = SandboxKey::parse(&visitor.cookies["sandbox"]).unwrap();
    site.playground.sandbox(&key).await.unwrap()
}

/// The form as the page has it, with other scopes ticked and typed.
async fn fields(visitor: &mut Browser, ticked: &[&str], own: &str) -> Vec<(String, String)> {
    let page = visitor.get(LAB).await;
    let mut fields = html::form(&page.body, LAB);
    fields.retain(|(name, _)| name == "client");
    fields.extend(
        ticked
            .iter()
            .map(|scope| ("scope".to_owned(), (*scope).to_owned())),
    );
    fields.push(("own".to_owned(), own.to_owned()));
    fields
}

/// Asks for a token; returns its address and its page.
async fn ask(visitor: &mut Browser, ticked: &[&str], own: &str) -> (String, Page) {
    let fields = fields(visitor, ticked, own).await;
    let answer = visitor.post(LAB, &fields).await;
    let address = led_to(&answer);
    let page = visitor.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    (address, page)
}

fn led_to(answer: &Page) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.location().starts_with("/admin-tokens"), "{answer:?}");
    answer.location().split('#').next().unwrap().to_owned()
}

/// Presses a cell of the table, or a button of what came of it.
async fn press(visitor: &mut Browser, address: &str, fields: &[(&str, &str)]) -> Page {
    let answer = visitor.post(address, &pairs(fields)).await;
    let address = led_to(&answer);
    visitor.get(&address).await
}

fn says(page: &Page, parts: &[&str]) {
    let text = page.text();
    for part in parts {
        assert!(text.contains(part), "{part} is not said: {text}");
    }
}

#[tokio::test]
async fn the_lab_opens_with_a_request_ready_to_go_and_writes_nothing() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = visitor.get(LAB).await;
    assert_eq!(page.status, StatusCode::OK);
    says(
        &page,
        &[
            "The token can only read.",
            "What will be granted",
            "grant_type=client_credentials",
            "not in allowedScopes",
            "our reading",
            "None yet.",
        ],
    );
    let form = html::form(&page.body, LAB);
    assert!(form.contains(&("scope".to_owned(), ".:**".to_owned())));
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);
}

/// Story B, and each statement of the documented page.
#[tokio::test]
async fn a_token_that_does_not_work_is_explained_and_one_that_works_is_had() {
    let site = Site::new().await;
    let mut visitor = site.visitor();

    // A scope that nobody lists: a token without scope, active, good for nothing.
    let (nothing, page) = ask(&mut visitor, &[], "XXXXX").await;
    says(
        &page,
        &[
            "This token has no scope: it is valid and can do nothing.",
            "does not list it",
            "0 of 59 calls are allowed",
            "activetrue",
            "scopenot there",
        ],
    );
    let calls = format!("{nothing}/calls");
    let page = press(&mut visitor, &calls, &[("call", "GET config/clients")]).await;
    says(
        &page,
        &[
            "answered 403 Forbidden",
            "As predicted: the token has no scope",
            "Forbidden",
        ],
    );

    // Reading only: no login policy can be created.
    let (reading, page) = ask(&mut visitor, &[".:**"], "").await;
    says(
        &page,
        &["This token can only read.", "of 59 calls are allowed"],
    );
    let calls = format!("{reading}/calls");
    let create = "POST config/loginPolicies";
    let page = press(&mut visitor, &calls, &[("call", create)]).await;
    says(
        &page,
        &[
            "POST config/loginPolicies answered 403 Forbidden",
            "The smallest scope that allows it: +:config/loginPolicies our reading",
            "does not list it, but it lists *:config/**",
            "Ask again with *:config/**",
            "Add +:config/loginPolicies to the policy and ask again",
        ],
    );
    assert_eq!(sandbox(&site, &visitor).await.login_policies.len(), 1);

    // Ask again, be asked, and it is done.
    let again = format!("{reading}/again");
    let wider = [("scope", "*:config/**"), ("call", create)];
    let answer = visitor.post(&again, &pairs(&wider)).await;
    let asked = led_to(&answer);
    let page = visitor.get(&asked).await;
    says(
        &page,
        &[
            "This token carries all that was asked for.",
            "Make this call?",
        ],
    );
    let token = asked.split('?').next().unwrap();
    let action = format!("{token}/calls");
    let body = html::form(&page.body[page.body.find("call-panel").unwrap()..], &action);
    let mut fields: Vec<(&str, &str)> = body
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.push(("call", create));
    let page = press(&mut visitor, &action, &fields).await;
    says(
        &page,
        &[
            "answered 201",
            "As predicted: *:config/** allows it, and it was done.",
            "201 as predicted",
        ],
    );
    assert_eq!(sandbox(&site, &visitor).await.login_policies.len(), 2);

    // All of them are listed, and a reload repeats nothing.
    let list = visitor.get(LAB).await;
    for address in [&nothing, &reading, &token.to_owned()] {
        assert!(list.body.contains(address.as_str()));
    }
    visitor.get(&asked).await;
    assert_eq!(sandbox(&site, &visitor).await.login_policies.len(), 2);
}

#[tokio::test]
async fn a_scope_is_added_to_the_policy_first_and_the_calls_are_shown() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = ask(&mut visitor, &[".:**"], "").await;
    let add = [("add", "+:config/people"), ("call", "POST config/people")];
    let page = press(&mut visitor, &format!("{address}/again"), &add).await;
    says(
        &page,
        &[
            "The token policy was widened before this token was asked for.",
            "3 calls",
            "+:config/people",
            "Make this call?",
        ],
    );
    let policies = sandbox(&site, &visitor).await.token_policies;
    assert_eq!(policies[2].allowed_scopes.len(), 7);
}

#[tokio::test]
async fn slips_are_pointed_out_before_sending_and_put_right_on_request() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let mut sent = fields(&mut visitor, &[".:**"], "*.**, XXXXX .:**").await;
    let page = visitor.post("/admin-tokens/preview", &sent).await;
    assert_eq!(page.status, StatusCode::OK);
    says(
        &page,
        &[
            "The commas are read as spaces",
            "There is a dot where the colon belongs. Perhaps *:** is meant.",
            "XXXXX: Not of the form action:path.",
            ".:** is there more than once. It is sent once.",
            "*.** and XXXXX will be dropped",
        ],
    );
    assert!(
        page.body.contains(r#"value="*.**, XXXXX .:**""#),
        "what was typed is kept"
    );

    sent.push(("use".to_owned(), "*.** *:**".to_owned()));
    let page = visitor.post("/admin-tokens/preview", &sent).await;
    assert!(
        page.body.contains(r#"value="*:** XXXXX .:**""#),
        "{}",
        page.body
    );
    // Nothing was sent to the provider.
    let key = &visitor.cookies["sandbox"];
    assert_eq!(site.store.customer_by_key(key).await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_at_the_field_and_kept() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    visitor.get(LAB).await;
    let sandbox = sandbox(&site, &visitor).await;
    let configuration = sandbox.clients[2].id.as_str();
    let long = "a".repeat(5000);
    let many = (0..99).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    for (client, own, said) in [
        ("", "kept", "no such configuration client"),
        ("nobody", "kept", "no such configuration client"),
        (
            sandbox.clients[0].id.as_str(),
            "kept",
            "no such configuration client",
        ),
        (configuration, &long, "too long"),
        (configuration, &many, "too many"),
    ] {
        let sent = pairs(&[("client", client), ("scope", "*:**"), ("own", own)]);
        for address in [LAB, "/admin-tokens/preview"] {
            let page = visitor.post(address, &sent).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
            says(&page, &[said, "This cannot be sent yet."]);
            assert!(page.body.contains(r#"aria-invalid="true""#));
            assert!(page.body.contains(own), "what was typed is kept");
        }
    }
    // A form with nothing in it at all, too.
    let page = visitor.post(LAB, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Whatever else is typed is asked for.
    for own in ["é \" \\ <b>`x`</b>", "", "\u{7f}"] {
        let (_, page) = ask(&mut visitor, &[], own).await;
        says(&page, &["This token has no scope"]);
        assert!(!page.body.contains("<b>`x`"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_token_is_introspected_expires_and_is_revoked() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, page) = ask(&mut visitor, &["*:**"], "").await;
    says(&page, &["This token may do everything.", "expires in 1 h"]);
    for (button, headline) in [
        ("expire", "This token has expired: every call is refused."),
        ("revoke", "This token is revoked: every call is refused."),
    ] {
        let (address, _) = ask(&mut visitor, &["*:**"], "").await;
        let page = press(&mut visitor, &format!("{address}/{button}"), &[]).await;
        says(
            &page,
            &[headline, "401 with invalid_token", "0 of 59 calls"],
        );
        let page = press(&mut visitor, &format!("{address}/introspect"), &[]).await;
        says(&page, &["activefalse"]);
        let call = [("call", "POST config/reset")];
        let page = press(&mut visitor, &format!("{address}/calls"), &call).await;
        says(
            &page,
            &[
                "answered 403 Forbidden",
                "Ask for another with the same scopes",
            ],
        );
        // Once more does no harm.
        let page = press(&mut visitor, &format!("{address}/{button}"), &[]).await;
        says(&page, &["every call is refused"]);
        let page = press(&mut visitor, &format!("{address}/again"), &[]).await;
        says(&page, &["This token may do everything."]);
    }
    site.clock.advance(3600);
    says(&visitor.get(&address).await, &["This token has expired"]);
    site.clock.advance(86_400);
    assert_eq!(visitor.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_deletes_the_last_way_in_is_warned_and_gets_back() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = ask(&mut visitor, &["*:**"], "").await;
    let clients = sandbox(&site, &visitor).await.clients;
    let calls = format!("{address}/calls");
    let delete = format!("DELETE config/clients/{}", clients[2].id);
    let page = press(&mut visitor, &calls, &[("call", &delete)]).await;
    says(
        &page,
        &[
            "Make this call?",
            "you are locked out",
            "every token it was given with it",
        ],
    );
    assert_eq!(sandbox(&site, &visitor).await.clients.len(), 3);

    let page = press(&mut visitor, &calls, &[("call", &delete), ("sure", "yes")]).await;
    says(
        &page,
        &["answered 204", "This token is gone with its client"],
    );
    for button in ["introspect", "revoke", "again"] {
        let page = visitor.post(&format!("{address}/{button}"), &[]).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{button}");
        says(&page, &["The configuration client is gone"]);
    }
    let page = visitor.get(LAB).await;
    says(&page, &["You are locked out of the configuration"]);

    let page = press(&mut visitor, "/admin-tokens/restore", &[]).await;
    says(&page, &["as they were at first"]);
    let (_, page) = ask(&mut visitor, &["*:config/**"], "").await;
    says(&page, &["This token carries all that was asked for."]);
}

#[tokio::test]
async fn a_reset_tried_from_the_table_takes_the_token_with_it_and_says_so() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = ask(&mut visitor, &["*:**"], "").await;
    let calls = format!("{address}/calls");
    let page = press(&mut visitor, &calls, &[("call", "POST config/reset")]).await;
    says(&page, &["Everything in your sandbox goes back"]);
    let reset = [("call", "POST config/reset"), ("sure", "yes")];
    let page = press(&mut visitor, &calls, &reset).await;
    says(&page, &["the sandbox is as it was at first", "None yet."]);
    assert_eq!(visitor.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_else_can_look_at_a_token_or_use_it() {
    let site = Site::new().await;
    let mut owner = site.visitor();
    let (address, _) = ask(&mut owner, &["*:**"], "").await;
    let mut stranger = site.visitor();
    ask(&mut stranger, &["*:**"], "").await;
    for mut other in [stranger, site.visitor()] {
        let page = other.get(&address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        says(&page, &["There is no such token here", "Ask for a token"]);
        for button in ["introspect", "revoke", "expire", "again", "calls"] {
            let fields = pairs(&[("call", "GET config/clients")]);
            let page = other.post(&format!("{address}/{button}"), &fields).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{button}");
        }
    }
    says(
        &owner.get(&address).await,
        &["This token may do everything."],
    );
}

#[tokio::test]
async fn a_call_that_is_made_up_or_gone_is_not_sent() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, _) = ask(&mut visitor, &["*:**"], "").await;
    for call in [
        "",
        "GET",
        "GET config/none",
        "PATCH config/clients",
        "GET ../x",
        "GET config/people/gone",
    ] {
        let fields = pairs(&[("call", call), ("sure", "yes")]);
        let page = visitor.post(&format!("{address}/calls"), &fields).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{call}");
        says(&page, &["There is no such call"]);
    }
    for query in [
        "ask=nonsense",
        "ask=GET%20config/none",
        "call=unknown",
        "ask=&call=",
    ] {
        let page = visitor.get(&format!("{address}?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
    }
    let page = visitor
        .post(&format!("{address}/again"), &pairs(&[("add", "a b")]))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&page, &["This is no scope"]);
}

#[tokio::test]
async fn secrets_are_masked_until_asked_for_and_forms_lead_back() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let (address, page) = ask(&mut visitor, &["*:**"], "").await;
    let clients = sandbox(&site, &visitor).await.clients;
    let secret = clients[2].secret.clone().unwrap();
    let call = format!("GET config/clients/{}/secret", clients[2].id);
    let shown = press(
        &mut visitor,
        &format!("{address}/calls"),
        &[("call", &call)],
    )
    .await;
    assert!(!page.body.contains(&secret) && !shown.body.contains(&secret));
    says(&page, &["\"access_token\": \"••••", "Show secrets"]);
    let revealed = visitor.get(&format!("{address}?reveal=1")).await;
    assert!(revealed.body.contains(&secret));

    for (path, to) in [
        (format!("{address}/calls"), address.as_str()),
        (format!("{address}/revoke"), address.as_str()),
        ("/admin-tokens/preview".to_owned(), LAB),
        ("/admin-tokens/restore".to_owned(), LAB),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, to));
    }
}
