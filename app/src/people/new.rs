//! The page for a new person.

use super::{
    api::{People, load_people},
    fields::{PersonFields, copied, fresh},
    form::fields,
};
use crate::{
    build::page::sandbox_id,
    components::field::FormProblem,
    console::document::{DocumentEditor, DocumentMade, Drafted, FollowDocument},
    layout::Layout,
    problem_page::ProblemPage,
    ssr,
    submitted::{Submitted, submitted},
};
use diagnosis::put;
use leptos::prelude::*;
use leptos_meta::Title;
use policy::profile::Person;
use serde_json::{Map, Value};

/// Where a new person is made.
pub const ADDRESS: &str = "/people/new";

#[component]
pub fn NewPersonPage() -> impl IntoView {
    let form = submitted();
    let change = form.as_ref().and_then(|form| form.change.clone());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_people(change).await {
                    Ok(people) => view! { <NewPerson people form/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The form for a new person.
#[component]
pub fn NewPerson(
    people: People,
    #[prop(optional_no_strip)] form: Option<Submitted>,
    /// Whether the person who was edited is not there any more.
    #[prop(optional)]
    gone: bool,
) -> impl IntoView {
    let People {
        sandbox,
        change,
        now,
    } = people;
    let source = ssr::query_value("copy");
    let mut known = sandbox.people.iter();
    let source = known.find(|person| Some(&person.profile.uuid) == source.as_ref());
    let document = source.map_or_else(fresh, copied);
    let make = |body: &Map<String, Value>| put::person(None, body, now);
    let drafted: Drafted<PersonFields, Person> = Drafted::new(&document, form.as_ref(), make);
    let fields = fields(&drafted, &sandbox, None);
    let problem = form.and_then(|form| form.problem(""));
    let problem = if gone {
        Some("The person you edited was deleted meanwhile, or is not of this sandbox. What you typed is here: they can be made anew, with a password.".to_owned())
    } else {
        problem
    };
    view! {
        <Title text="New person"/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/people">"People"</a></p>
                    <h1>"New person"</h1>
                </header>
                <FormProblem problem/>
                {change.map(|change| view! { <DocumentMade change headline="Nobody was made."/> })}
                <DocumentEditor
                    drafted fields address=ADDRESS.to_owned() existing=None
                    warnings=Vec::new()
                />
                <FollowDocument/>
            </main>
        </Layout>
    }
}
