//! The page for a new client.

use super::{
    api::{Listed, load_list},
    fields::{ClientFields, copied, fresh, known},
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
use policy::client::Client;
use serde_json::{Map, Value};

/// Where a new client is made.
pub const ADDRESS: &str = "/clients/new";

#[component]
pub fn NewClientPage() -> impl IntoView {
    let form = submitted();
    let change = form.as_ref().and_then(|form| form.change.clone());
    view! {
        <Suspense>
            {Suspend::new(async move {
                match load_list(change).await {
                    Ok(listed) => view! { <NewClient listed form/> }.into_any(),
                    Err(problem) => view! { <ProblemPage problem/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The form for a new client.
#[component]
pub fn NewClient(
    listed: Listed,
    #[prop(optional_no_strip)] form: Option<Submitted>,
    /// Whether the client that was edited is not there any more.
    #[prop(optional)]
    gone: bool,
) -> impl IntoView {
    let Listed {
        sandbox, change, ..
    } = listed;
    let known = known(&sandbox, None);
    let make = |body: &Map<String, Value>| put::client(None, body, &known);
    let drafted: Drafted<ClientFields, Client> =
        Drafted::new(&beginning(&sandbox), form.as_ref(), make);
    let fields = fields(&drafted, &sandbox, None);
    let problem = form.and_then(|form| form.problem(""));
    let problem = if gone {
        Some("The client you edited was deleted meanwhile, or is not of this sandbox. What you typed is here: it can be made as a new one.".to_owned())
    } else {
        problem
    };
    view! {
        <Title text="New client"/>
        <Layout sandbox=sandbox_id(&sandbox.issuer)>
            <main id="main" class="page policy-page">
                <header class="policy-head">
                    <p class="eyebrow"><a href="/clients">"Clients"</a></p>
                    <h1>"New client"</h1>
                </header>
                <FormProblem problem/>
                {change.map(|change| view! { <DocumentMade change headline="Nothing was made."/> })}
                <DocumentEditor
                    drafted fields address=ADDRESS.to_owned() existing=None
                    warnings=Vec::new()
                />
                <FollowDocument/>
            </main>
        </Layout>
    }
}

/// A copy of the client that the address names, or else one with the first
/// policies there are.
fn beginning(sandbox: &playground::SandboxView) -> Map<String, Value> {
    let source = ssr::query_value("copy");
    let mut clients = sandbox.clients.iter();
    if let Some(client) = clients.find(|client| Some(&client.id) == source.as_ref()) {
        return copied(client);
    }
    let token = sandbox.token_policies.first();
    let login = sandbox.login_policies.first();
    fresh(
        token.map_or("", |policy| &policy.id),
        login.map_or("", |policy| &policy.id),
    )
}
