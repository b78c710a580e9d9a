//! The provider's screens, as a browser without scripts sees them.

use crate::{
    html,
    site::{Browser, PUBLIC_URL, Page, Site},
};
use axum::body::Body;
use http::{Request, StatusCode};

const CUSTOMER: &str = "/00000000-0000-4000-8000-000000000001";
const CLIENT: &str = "00000000-0000-4000-8000-000000000031";

fn authorize(more: &str) -> String {
    format!(
        "{CUSTOMER}/login/authorize?client_id={CLIENT}&response_type=code&scope=openid\
         &redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&state=s\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
         &code_challenge_method=S256{more}"
    )
}

async fn open(visitor: &mut Browser, address: &str) -> Page {
    let page = visitor.get(address).await;
    visitor.follow(page).await
}

/// Fills in the first form that goes to this screen and sends it.
async fn send(visitor: &mut Browser, page: &Page, screen: &str, typed: &[(&str, &str)]) -> Page {
    let action = format!("{CUSTOMER}/auth-ui/{screen}");
    let mut form = html::form(&page.body, &action);
    for (name, value) in typed {
        let field = form.iter_mut().find(|(own, _)| own == name);
        match field {
            Some((_, slot)) => (*value).clone_into(slot),
            // A button that was pressed.
            None => form.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    visitor.post(&action, &form).await
}

/// The address behind a link's text.
fn link(page: &Page, text: &str) -> String {
    let (before, _) = page
        .body
        .split_once(&format!(">{text}</a>"))
        .unwrap_or_else(|| panic!("no link {text} in {}", page.text()));
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    let (href, _) = href.split_once('"').unwrap();
    href.replace("&amp;", "&")
}

const EVE: [(&str, &str); 4] = [
    ("email", "eve@example.com"),
    ("password", "eve's password"),
    ("givenName", "Eve"),
    ("familyName", "Evans"),
];

#[tokio::test]
async fn somebody_signs_up_looks_at_their_account_and_signs_out() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = open(&mut visitor, &authorize("")).await;
    let page = open(&mut visitor, &link(&page, "Create account")).await;
    assert!(page.text().contains("Create Account"), "{}", page.text());
    let page = send(&mut visitor, &page, "registration", &EVE).await;
    let page = visitor.follow(page).await;
    assert!(page.text().contains("Account Created"), "{}", page.text());
    assert!(page.text().contains("eve@example.com"));
    let page = send(&mut visitor, &page, "account-created", &[]).await;
    assert!(
        page.location()
            .starts_with("http://127.0.0.1/callback?code=")
    );

    let account = format!("{CUSTOMER}/auth-ui/profile?client_id={CLIENT}");
    let page = open(&mut visitor, &account).await;
    let page = send(
        &mut visitor,
        &page,
        "profile",
        &[("city", "Salem"), ("gender", "female")],
    )
    .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = visitor.follow(page).await;
    assert!(page.text().contains("Your profile has been saved."));
    let form = html::form(&page.body, &format!("{CUSTOMER}/auth-ui/profile"));
    for pair in [
        ("city", "Salem"),
        ("gender", "female"),
        ("givenName", "Eve"),
    ] {
        let pair = (pair.0.to_owned(), pair.1.to_owned());
        assert!(form.contains(&pair), "{pair:?} in {form:?}");
    }
    let page = open(&mut visitor, &link(&page, "Logout")).await;
    assert!(page.text().contains("Logout Success"), "{}", page.text());
    assert!(
        !visitor
            .cookies
            .keys()
            .any(|name| name.starts_with("session"))
    );
    let page = open(&mut visitor, &account).await;
    assert!(page.text().contains("To see your account at Storefront"));
}

#[tokio::test]
async fn somebody_forgets_their_password_and_chooses_another() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = open(&mut visitor, &authorize("&login_hint=bo@example.com")).await;
    let page = open(&mut visitor, &link(&page, "Forgot password?")).await;
    assert!(page.text().contains("Password Reset"), "{}", page.text());
    let sign_in = open(&mut visitor, &link(&page, "Cancel Request")).await;
    assert!(sign_in.text().contains("Sign in"));
    let page = send(&mut visitor, &page, "forgot-password", &[]).await;
    assert!(page.text().contains("bo@example.com"), "{}", page.text());
    let mail = link(&page, "Choose a new password");
    let page = open(&mut visitor, &mail).await;
    let short = [("password", "short")];
    let page = send(&mut visitor, &page, "reset-password", &short).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Use at least 8 characters."));
    let long = [("password", "long enough")];
    let page = send(&mut visitor, &page, "reset-password", &long).await;
    let page = visitor.follow(page).await;
    assert!(page.text().contains("Your password has been changed."));
    let typed = [("email", "bo@example.com"), ("password", "long enough")];
    let page = send(&mut visitor, &page, "login", &typed).await;
    assert!(
        page.location()
            .starts_with("http://127.0.0.1/callback?code=")
    );
    let page = open(&mut visitor, &mail).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text().contains("This link no longer works"));
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = open(&mut visitor, &authorize("&prompt=create")).await;
    let typed = [
        ("email", "alice@example.com"),
        ("password", "long enough"),
        ("givenName", "Eve"),
        ("familyName", "Evans"),
    ];
    let page = send(&mut visitor, &page, "registration", &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.is_html());
    assert!(page.text().contains("exists already"), "{}", page.text());
    assert!(page.body.contains("<title>No account yet"), "{}", page.body);
    assert!(page.body.contains("id=\"email-problem\""));
    assert!(page.body.contains("aria-describedby=\"email-problem\""));
    assert!(page.body.contains("aria-invalid=\"true\""));
    let form = html::form(&page.body, &format!("{CUSTOMER}/auth-ui/registration"));
    let value = |name: &str| form.iter().find(|(own, _)| own == name).unwrap().1.clone();
    assert_eq!(value("email"), "alice@example.com");
    assert_eq!(value("givenName"), "Eve");
    assert_eq!(value("password"), "");
}

#[tokio::test]
async fn whoever_is_asked_whether_to_sign_out_decides() {
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let page = open(&mut visitor, &authorize("")).await;
    let typed = [("email", "alice"), ("password", "password")];
    send(&mut visitor, &page, "login", &typed).await;
    let end = format!("{CUSTOMER}/login/end_session?client_id={CLIENT}");
    let page = open(&mut visitor, &end).await;
    assert!(
        page.text().contains("Storefront wants to sign you out"),
        "{}",
        page.text()
    );
    let stay = [("action", "stay")];
    let page = send(&mut visitor, &page, "logout", &stay).await;
    assert!(page.text().contains("Still signed in"), "{}", page.text());
    let page = open(&mut visitor, &end).await;
    let leave = [("action", "logout")];
    let page = send(&mut visitor, &page, "logout", &leave).await;
    assert!(page.text().contains("Logout Success"), "{}", page.text());
    assert!(page.header("set-cookie").contains("Max-Age=0"));
    let page = open(&mut visitor, &end).await;
    assert!(page.text().contains("Logout Success"));
}

#[tokio::test]
async fn what_is_missing_or_wrong_has_hosted_logins_screens() {
    let site = Site::new().await;
    for (query, title) in [
        ("", "Bad request"),
        ("?client_id=x", "Something went wrong"),
    ] {
        for screen in ["logout", "profile"] {
            let path = format!("{CUSTOMER}/auth-ui/{screen}{query}");
            let page = open(&mut site.visitor(), &path).await;
            assert_eq!(page.status, StatusCode::BAD_REQUEST);
            assert!(page.body.contains(&format!("<h1>{title}")), "{}", page.body);
        }
    }
}

/// Every screen, and whether its forms may lead to another site.
async fn every_screen(site: &Site) -> Vec<(&'static str, bool, Page)> {
    let mut visitor = site.visitor();
    let mut seen = Vec::new();
    let mut see = |name, leads_away, page: &Page| {
        seen.push((
            name,
            leads_away,
            Page {
                status: page.status,
                headers: page.headers.clone(),
                body: page.body.clone(),
            },
        ));
    };
    let page = open(&mut visitor, &authorize("")).await;
    see("Sign in", true, &page);
    let forgot = open(&mut visitor, &link(&page, "Forgot password?")).await;
    see("Password Reset", false, &forgot);
    let page = open(&mut visitor, &link(&page, "Create account")).await;
    see("Create Account", true, &page);
    let page = send(&mut visitor, &page, "registration", &EVE).await;
    let page = visitor.follow(page).await;
    see("Account Created", true, &page);
    let account = format!("{CUSTOMER}/auth-ui/profile?client_id={CLIENT}");
    see("Personal Data", false, &open(&mut visitor, &account).await);
    let eve = [("email", "eve@example.com")];
    let page = send(&mut visitor, &forgot, "forgot-password", &eve).await;
    see("Password Reset", false, &page);
    let mail = link(&page, "Choose a new password");
    see("New password", false, &open(&mut visitor, &mail).await);
    let end = format!("{CUSTOMER}/login/end_session");
    see(
        "Do you want to log out?",
        true,
        &open(&mut visitor, &end).await,
    );
    let logout = format!("{CUSTOMER}/auth-ui/logout?client_id={CLIENT}");
    see("Logout Success", false, &open(&mut visitor, &logout).await);
    seen
}

#[tokio::test]
async fn every_screen_is_protected_and_only_some_lead_to_clients() {
    let site = Site::new().await;
    for (name, leads_away, page) in every_screen(&site).await {
        assert_eq!(page.status, StatusCode::OK, "{name}");
        assert!(page.body.contains(&format!("<h1>{name}")), "{}", page.body);
        assert_eq!(page.header("x-frame-options"), "DENY", "{name}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{name}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(page.header("cache-control"), "no-store", "{name}");
        assert!(page.header("access-control-allow-origin").is_empty());
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        // Chromium applies it also to where a form's answer redirects.
        assert_eq!(!policy.contains("form-action 'self'"), leads_away, "{name}");
        assert!(!page.body.contains(" style=\""), "{name}");
    }
}

#[tokio::test]
async fn screens_are_drawn_for_programs_too() {
    let site = Site::new().await;
    let path = format!("{CUSTOMER}/auth-ui/logout?client_id={CLIENT}");
    for accept in [None, Some("*/*"), Some("application/json")] {
        let mut request = Request::get(&path);
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let page = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.is_html());
        assert!(page.text().contains("Logout Success"));
    }
    let page = site
        .send(Request::head(&path).body(Body::empty()).unwrap())
        .await;
    assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn nothing_that_is_typed_becomes_markup() {
    let evil = "\"><script>alert(1)</script>";
    let encoded = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let site = Site::new().await;
    let mut visitor = site.visitor();
    let clean = |page: &Page, times: usize| {
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        let escaped = page.body.matches("&lt;script&gt;alert").count();
        assert_eq!(escaped, times, "{}", page.body);
    };
    let page = open(
        &mut visitor,
        &authorize(&format!("&login_hint={encoded}&ui_locales={encoded}")),
    )
    .await;
    clean(&page, 1);
    let sign_up = open(&mut visitor, &link(&page, "Create account")).await;
    let everything = ["email", "givenName", "familyName", "displayName"].map(|name| (name, evil));
    let page = send(&mut visitor, &sign_up, "registration", &everything).await;
    clean(&page, 4);
    let typed = [
        ("email", "<script>alert(1)</script>@example.com"),
        ("password", "long enough"),
        ("givenName", evil),
        ("familyName", evil),
    ];
    let page = send(&mut visitor, &sign_up, "registration", &typed).await;
    let page = visitor.follow(page).await;
    clean(&page, 1);
    let account = format!("{CUSTOMER}/auth-ui/profile?client_id={CLIENT}");
    let page = open(&mut visitor, &account).await;
    clean(&page, 3);
    let page = send(&mut visitor, &page, "profile", &[("gender", evil)]).await;
    let page = visitor.follow(page).await;
    // Chosen, and what the choice says.
    clean(&page, 5);
    let page = open(&mut visitor, &format!("{CUSTOMER}/login/end_session")).await;
    clean(&page, 1);
    let page = open(&mut visitor, &authorize("&prompt=login")).await;
    clean(&page, 2);
    let forgot = open(&mut visitor, &link(&page, "Forgot password?")).await;
    let page = send(&mut visitor, &forgot, "forgot-password", &typed[..1]).await;
    clean(&page, 3);
    let page = send(&mut visitor, &forgot, "forgot-password", &[("email", evil)]).await;
    clean(&page, 1);
    for path in [
        format!("{CUSTOMER}/auth-ui/login?interaction={encoded}&message={encoded}"),
        format!("{CUSTOMER}/auth-ui/reset-password?code={encoded}&interaction={encoded}"),
        format!("{CUSTOMER}/auth-ui/logout?client_id={encoded}&state={encoded}"),
        format!("{CUSTOMER}/login/end_session?id_token_hint={encoded}&state={encoded}"),
    ] {
        clean(&open(&mut visitor, &path).await, 0);
    }
}

#[tokio::test]
async fn a_stranger_to_a_sandbox_is_shown_no_mail() {
    let site = Site::new().await;
    let mut owner = site.visitor();
    let page = owner.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    let key = provider::SandboxKey::parse(&owner.cookies["sandbox"]).unwrap();
    let seed = provider::Seed::sandbox(&key, PUBLIC_URL);
    let path = format!("/{}/auth-ui/forgot-password", seed.customer_id);
    let ask = vec![("email".to_owned(), "alice@example.com".to_owned())];
    let page = owner.post(&path, &ask).await;
    assert!(
        page.text().contains("Hello Alice Archer"),
        "{}",
        page.text()
    );
    let page = site.visitor().post(&path, &ask).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("Alice"), "{}", page.text());
    assert!(!page.body.contains("reset-password"));
    assert!(
        page.text()
            .contains("If there is an account for this address")
    );
}

#[tokio::test]
async fn who_typed_localhost_signs_out_where_they_signed_in() {
    let site = Site::new().await;
    let path = format!("{CUSTOMER}/auth-ui/logout?client_id={CLIENT}");
    let request = Request::get(&path).header("host", "localhost:3000");
    let page = site.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(page.location(), format!("{PUBLIC_URL}{path}"));
}
