//! A person's page: the attributes, what they feed, and changing them.

use super::{
    api::{People, load_people, name, no_such_person, version},
    fields::PersonFields,
    form::fields,
    new::NewPerson,
};
use crate::{
    build::page::sandbox_id,
    components::field::FormProblem,
    console::document::{DocumentEditor, DocumentMade, Drafted, Existing, FollowDocument},
    layout::Layout,
    policies::editor::JSON,
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::put;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use playground::{Change, Method};
use policy::profile::Person;
use serde_json::{Map, Value};

#[component]
pub fn PersonPage() -> impl IntoView {
    let id = use_params_map()
        .read_untracked()
        .get("id")
        .unwrap_or_default();
    let form = submitted();
    let change = match &form {
        Some(form) => form.change.clone(),
        None => ssr::query_value("change"),
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                let people = match load_people(change).await {
                    Ok(people) => people,
                    Err(problem) => return view! { <ProblemPage problem/> }.into_any(),
                };
                let mut known = people.sandbox.people.iter();
                let person = known.find(|person| person.profile.uuid == id).cloned();
                match (person, form) {
                    (Some(person), form) => view! { <Page person people form/> }.into_any(),
                    (None, Some(form)) if form.value(JSON).is_some() => {
                        view! { <NewPerson people form=Some(form) gone=true/> }.into_any()
                    }
                    (None, _) => view! { <ProblemPage problem=no_such_person()/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Page(
    person: Person,
    people: People,
    #[prop(optional_no_strip)] form: Option<Submitted>,
) -> impl IntoView {
    let editor = editor(&person, &people, form.as_ref());
    let problem = form.and_then(|form| form.problem(""));
    let People {
        sandbox, change, ..
    } = people;
    let change = change.map(|change| {
        let headline = headline(&change.what);
        view! { <DocumentMade change headline/> }
    });
    let uuid = person.profile.uuid.clone();
    let title = name(&person);
    view! {
        <Title text=title.clone()/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/people">"People"</a></p>
                    <h1>{title}</h1>
                    <Facts person=person.clone()/>
                    <p class="actions">
                        <a class="button primary" href=try_it(&uuid)>"Try it"</a>
                        <a class="button" href=format!("/people/new?copy={uuid}")>"Copy"</a>
                    </p>
                </header>
                <FormProblem problem/>
                {change}
                {editor}
                <Delete uuid/>
                <FollowDocument/>
            </main>
        </Layout>
    }
}

/// What a change did, in a sentence.
fn headline(change: &Change) -> &'static str {
    match (change.is_done(), change.method) {
        (false, _) => "The person is as they were.",
        (true, Method::Post) => "The person is made.",
        (true, _) => "The person is changed. What they are told about is fetched anew each time.",
    }
}

/// The first page with this person chosen, and every scope.
fn try_it(uuid: &str) -> String {
    format!("/?person={uuid}&scope=profile&scope=email&scope=address&scope=phone&pkce=on")
}

#[component]
fn Facts(person: Person) -> impl IntoView {
    let special = (!person.description.is_empty()).then(|| {
        view! {
            <dt>"What is special"</dt>
            <dd>{person.description}</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt><code>"uuid"</code></dt>
            <dd>
                <code class="wrap">{person.profile.uuid}</code>
                " feeds " <code>"sub"</code>
            </dd>
            <dt><code>"lastUpdated"</code></dt>
            <dd>
                <code>{person.profile.last_updated}</code>
                " feeds " <code>"updated_at"</code> ", and is set by each change"
            </dd>
            {special}
        </dl>
    }
}

/// The form that replaces the person.
fn editor(person: &Person, people: &People, form: Option<&Submitted>) -> AnyView {
    let People { sandbox, now, .. } = people;
    let document = put::person_body(person);
    let make = |body: &Map<String, Value>| put::person(Some(person), body, *now);
    let drafted: Drafted<PersonFields, Person> = Drafted::new(&document, form, make);
    let fields = fields(&drafted, sandbox, Some(person));
    let existing = Some(Existing {
        version: version(sandbox, person),
        after: drafted.after().map(put::person_body),
        document,
    });
    let address = format!("/people/{}", person.profile.uuid);
    view! {
        <DocumentEditor drafted fields address existing warnings=Vec::new()/>
    }
    .into_any()
}

#[component]
fn Delete(uuid: String) -> impl IntoView {
    view! {
        <section aria-labelledby="delete-title">
            <h2 id="delete-title">"Delete"</h2>
            <form method="post" action=format!("/people/{uuid}/delete") class="stack">
                <p>"Sessions and tokens go with a person. The runs they signed in for stay."</p>
                <p class="actions">
                    <button class="button danger" type="submit">"Delete this person"</button>
                </p>
            </form>
        </section>
    }
}
