//! The sign-in screen: a plain form, and people who sign in with one click.

use super::card::{Alert, Success};
use leptos::prelude::*;
use leptos_meta::Title;
use oidc::scope::Scope;
use policy::profile::Person;
use provider::screen::{AboutClient, SignInMessage, SignInView};

/// What went wrong. The same for an unknown person and a wrong password.
const fn problem(message: Option<SignInMessage>) -> Option<&'static str> {
    match message {
        Some(SignInMessage::WrongCredentials) => {
            Some("Incorrect email address or password. Try again.")
        }
        Some(SignInMessage::SlowDown) => {
            Some("Too many wrong passwords. Wait a minute, then try again.")
        }
        Some(SignInMessage::PasswordChanged) | None => None,
    }
}

#[component]
pub fn SignIn(view: SignInView, title: &'static str) -> impl IntoView {
    let problem = problem(view.message);
    let described = problem.map(|_| "problem");
    let changed = view.message == Some(SignInMessage::PasswordChanged);
    let one_click = (!view.one_click.is_empty()).then(|| {
        view! {
            <OneClick
                people=view.one_click
                more=view.more_people
                action=view.action.clone()
                interaction=view.interaction.clone()
                password=view.password_note
            />
        }
    });
    view! {
        <Title text=if problem.is_some() { "Not signed in yet" } else { title }/>
        <main id="main" class="sign-in">
            <div class="sign-in-card">
                <p class="eyebrow">"The bundled provider"</p>
                <h1>{title}</h1>
                <Purpose client=view.client_name requested=view.requested/>
                <About about=view.about/>
                <Faults faults=view.faults/>
                {problem.map(|text| view! { <Alert text/> })}
                {changed.then(|| {
                    view! { <Success text="Your password has been changed. Sign in with the new one."/> }
                })}
                <form method="post" action=view.action.clone()>
                    <input type="hidden" name="interaction" value=view.interaction.clone()/>
                    <div class="field">
                        <label for="email">"Email Address"</label>
                        <input
                            id="email" name="email" type="text" inputmode="email"
                            autocomplete="username" autocapitalize="none" spellcheck="false"
                            required aria-describedby=described
                            value=view.login_hint.unwrap_or_default()
                        />
                    </div>
                    <div class="field">
                        <label for="password">"Password"</label>
                        <input
                            id="password" name="password" type="password"
                            autocomplete="current-password" required aria-describedby=described
                            aria-invalid=described.map(|_| "true")
                        />
                    </div>
                    <p class="actions">
                        <button class="button primary wide" type="submit">"Sign in"</button>
                    </p>
                </form>
                <form method="post" action=view.action>
                    <input type="hidden" name="interaction" value=view.interaction/>
                    <button class="button wide" type="submit" name="action" value="cancel">"Cancel"</button>
                </form>
                <p class="sign-in-links">
                    <a href=view.forgot_password>"Forgot password?"</a>
                    <a href=view.registration>"Create account"</a>
                </p>
            </div>
            {one_click}
        </main>
    }
}

/// Who asks for what.
#[component]
fn Purpose(client: String, requested: Option<Scope>) -> impl IntoView {
    view! {
        <p class="lead">
            {match requested {
                Some(scope) => {
                    view! { <b>{client}</b> " asks for " <code>{scope.to_string()}</code> }.into_any()
                }
                None => view! { "To see your account at " <b>{client}</b> }.into_any(),
            }}
        </p>
    }
}

/// What the application says of itself. Links only: a picture from elsewhere
/// would tell its owner who signs in when.
#[component]
fn About(about: AboutClient) -> impl IntoView {
    let links = [
        ("Its privacy policy", about.policy),
        ("Its terms", about.terms),
        ("Its home page", about.home),
        ("Its logo", about.logo),
    ]
    .into_iter()
    .filter_map(|(text, uri)| {
        uri.map(|uri| {
            view! { <a href=uri target="_blank" rel="noopener noreferrer nofollow">{text}</a> }
        })
    })
    .collect::<Vec<_>>();
    (!links.is_empty()).then(|| view! { <p class="sign-in-links">{links}</p> })
}

/// What does not work on purpose, so that nobody is surprised.
#[component]
fn Faults(faults: Vec<&'static str>) -> impl IntoView {
    (!faults.is_empty()).then(|| {
        let names = faults
            .into_iter()
            .map(|fault| view! { <li><code>{fault}</code></li> })
            .collect_view();
        view! {
            <div class="faults">
                <p>"Faults are switched on here:"</p>
                <ul>{names}</ul>
            </div>
        }
    })
}

#[component]
fn OneClick(
    people: Vec<Person>,
    /// How many are not among them.
    more: usize,
    action: String,
    interaction: String,
    password: Option<String>,
) -> impl IntoView {
    let reason = if password.is_some() {
        "This is your sandbox, so you may be anyone in it."
    } else {
        "Only your own machine comes here, so you may be anyone."
    };
    let people = people
        .into_iter()
        .map(|person| {
            let name = Some(person.profile.given_name)
                .filter(|name| !name.is_empty())
                .or(person.username);
            view! {
                <li>
                    <button class="person" type="submit" name="person" value=person.profile.uuid>
                        {name.map(|name| view! { <b>{name}</b> })}
                        <span class="hint">{person.description}</span>
                        <code class="hint">{person.profile.email}</code>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="one-click" aria-labelledby="one-click-title">
            <h2 id="one-click-title">"Or pick a person"</h2>
            <p class="hint">{reason}</p>
            <form method="post" action=action>
                <input type="hidden" name="interaction" value=interaction/>
                <ul>{people}</ul>
            </form>
            {(more > 0).then(|| view! { <p class="hint">{more} " more can sign in with their password."</p> })}
            {password
                .map(|password| {
                    view! {
                        <p class="hint">
                            "Password of each, unless it was changed: " <code>{password}</code>
                        </p>
                    }
                })}
        </section>
    }
}
