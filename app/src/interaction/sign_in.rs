//! The sign-in screen: a plain form, and people who sign in with one click.

use leptos::prelude::*;
use leptos_meta::Title;
use policy::profile::Person;
use provider::screen::{SignInMessage, SignInView};

/// What is said above the form.
const fn message_text(message: SignInMessage) -> &'static str {
    match message {
        SignInMessage::WrongCredentials => "Incorrect e-mail address or password. Try again.",
        SignInMessage::SlowDown => "Too many wrong passwords. Wait a minute, then try again.",
    }
}

#[component]
pub fn SignIn(view: SignInView) -> impl IntoView {
    let problem = view.message.map(|message| {
        view! {
            <p class="alert" role="alert" id="problem">
                <span class="sign" aria-hidden="true">"✕"</span>
                {message_text(message)}
            </p>
        }
    });
    let described = problem.is_some().then_some("problem");
    let one_click = (!view.one_click.is_empty()).then(|| {
        view! {
            <OneClick
                people=view.one_click
                action=view.action.clone()
                interaction=view.interaction.clone()
                password=view.password_note
            />
        }
    });
    view! {
        <Title text=if described.is_some() { "Not signed in yet" } else { "Sign in" }/>
        <main id="main" class="sign-in">
            <div class="sign-in-card">
                <p class="eyebrow">"The bundled provider"</p>
                <h1>"Sign in"</h1>
                <p class="lead">
                    <b>{view.client_name}</b> " asks for " <code>{view.requested.to_string()}</code>
                </p>
                {problem}
                <form method="post" action=view.action.clone()>
                    <input type="hidden" name="interaction" value=view.interaction.clone()/>
                    <div class="field">
                        <label for="email">"E-mail address"</label>
                        <input
                            id="email" name="email" type="text" inputmode="email"
                            autocomplete="username" autocapitalize="none" spellcheck="false"
                            required aria-describedby=described value=view.login_hint.unwrap_or_default()
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
            </div>
            {one_click}
        </main>
    }
}

#[component]
fn OneClick(
    people: Vec<Person>,
    action: String,
    interaction: String,
    password: Option<String>,
) -> impl IntoView {
    let people = people
        .into_iter()
        .map(|person| {
            view! {
                <li>
                    <button class="person" type="submit" name="person" value=person.profile.uuid>
                        <b>{person.profile.given_name}</b>
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
            <p class="hint">"This is your sandbox, so you may be anyone in it."</p>
            <form method="post" action=action>
                <input type="hidden" name="interaction" value=interaction/>
                <ul>{people}</ul>
            </form>
            {password
                .map(|password| view! { <p class="hint">"Password of each: "<code>{password}</code></p> })}
        </section>
    }
}
