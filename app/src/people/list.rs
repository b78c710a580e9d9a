//! Everybody of the sandbox, and which claims stay empty for them.

use super::api::{People, load_people, name};
use crate::{
    build::page::sandbox_id, console::change::ChangeMade, layout::Layout,
    problem_page::ProblemPage, ssr,
};
use leptos::prelude::*;
use leptos_meta::Title;
use policy::{
    profile::Person,
    release::{StandardScope, claim},
};

#[component]
pub fn PeoplePage() -> impl IntoView {
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_people(ssr::query_value("change")).await {
                    Ok(people) => view! { <Everybody people/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Everybody(people: People) -> impl IntoView {
    let People {
        sandbox, change, ..
    } = people;
    let cards = sandbox
        .people
        .into_iter()
        .map(|person| view! { <PersonCard person/> })
        .collect::<Vec<_>>();
    let content = if cards.is_empty() {
        view! { <p>"There is nobody, so nobody can sign in. Make somebody, or reset the sandbox."</p> }
            .into_any()
    } else {
        view! { <ul class="cards">{cards}</ul> }.into_any()
    };
    view! {
        <Title text="People"/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page narrow">
                <h1>"People"</h1>
                <p class="lead">
                    "Claims are made of what is known of a person. What is empty feeds nothing: its claim is left out, whatever scope was granted."
                </p>
                {change.map(|change| view! { <ChangeMade change headline="The person is deleted."/> })}
                <p class="actions">
                    <a class="button primary" href="/people/new">"New person"</a>
                </p>
                {content}
            </main>
        </Layout>
    }
}

#[component]
fn PersonCard(person: Person) -> impl IntoView {
    let href = format!("/people/{}", person.profile.uuid);
    let empty = empty_claims(&person);
    let claims = empty
        .into_iter()
        .map(|name| view! { <li><code>{name}</code></li> })
        .collect::<Vec<_>>();
    let title = name(&person);
    view! {
        <li class="card">
            <h2 class="card-title">
                <a href=href>{title}</a>
                " "
                <span class="kind">{person.profile.email}</span>
            </h2>
            {(!person.description.is_empty()).then(|| view! { <p>{person.description}</p> })}
            {if claims.is_empty() {
                view! { <p class="hint">"Every claim has a value."</p> }.into_any()
            } else {
                view! {
                    <div class="users">
                        <span class="hint">"No value for"</span>
                        <ul class="empty-claims">{claims}</ul>
                    </div>
                }
                .into_any()
            }}
        </li>
    }
}

/// The standard claims that are left out for somebody.
fn empty_claims(person: &Person) -> Vec<&'static str> {
    let scopes = StandardScope::ALL.into_iter();
    let claims = scopes.flat_map(StandardScope::claims).copied();
    claims
        .filter(|name| claim(name, &person.profile).is_none())
        .collect()
}
