//! The sign-in page: a plain form, and people who sign in with one click.

use super::api::{SignIn, load_sign_in};
use crate::problem_page::ProblemPage;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use policy::profile::Person;

#[component]
pub fn SignInPage() -> impl IntoView {
    let params = use_params_map();
    let customer = params.read_untracked().get("customer").unwrap_or_default();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_sign_in(customer).await {
                    Ok(sign_in) => view! { <SignInForm sign_in/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What is said of a try that did not work. The same for an unknown person and
/// a wrong password.
fn problem_text(problem: &str) -> &'static str {
    match problem {
        "slow_down" => "Too many wrong passwords. Wait a minute, then try again.",
        _ => "Incorrect e-mail address or password. Try again.",
    }
}

#[component]
fn SignInForm(sign_in: SignIn) -> impl IntoView {
    let problem = sign_in.problem.as_deref().map(|problem| {
        view! {
            <p class="alert" role="alert" id="problem">
                <span class="sign" aria-hidden="true">"✕"</span>
                {problem_text(problem)}
            </p>
        }
    });
    let described = problem.is_some().then_some("problem");
    let one_click = (!sign_in.one_click.is_empty()).then(|| {
        view! {
            <OneClick
                people=sign_in.one_click
                action=sign_in.action.clone()
                interaction=sign_in.interaction.clone()
                password=sign_in.password
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
                    <b>{sign_in.client_name}</b> " asks for " <code>{sign_in.scope}</code>
                </p>
                {problem}
                <form method="post" action=sign_in.action.clone()>
                    <input type="hidden" name="interaction" value=sign_in.interaction.clone()/>
                    <div class="field">
                        <label for="email">"E-mail address"</label>
                        <input
                            id="email" name="email" type="text" inputmode="email"
                            autocomplete="username" autocapitalize="none" spellcheck="false"
                            required aria-describedby=described value=sign_in.login_hint
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
                <form method="post" action=sign_in.action>
                    <input type="hidden" name="interaction" value=sign_in.interaction/>
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
