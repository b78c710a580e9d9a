//! The form that composes a request, alive in the browser.

use super::{
    fields::{Fields, OFFERED, PROMPTS},
    request_url::RequestUrl,
};
use crate::{
    explain::{
        funnel::{FunnelTable, Tense},
        panes::Panes,
        verdict::VerdictView,
    },
    storage::{self, Kept},
};
use diagnosis::{
    funnel::{self, FunnelRow},
    panes::{self, PaneLine},
    verdict::{self, Verdict},
};
use leptos::prelude::*;
use oidc::scope::{Scope, ScopeFinding};
use policy::{
    client::ClientType, profile::Person, release::StandardScope, token_policy::TokenPolicy,
};
use serde::{Deserialize, Serialize};

/// Everything the form and its prediction are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// What stands in the form.
    pub fields: Fields,
    /// The clients that sign people in.
    pub clients: Vec<ClientChoice>,
    /// The token policies of those clients.
    pub policies: Vec<TokenPolicy>,
    /// The people of the sandbox.
    pub people: Vec<Person>,
    /// The bundled provider's issuer.
    pub issuer: String,
    /// Its authorization endpoint.
    pub authorization_endpoint: String,
    /// Where the answer comes back to.
    pub redirect_uri: String,
    /// The run whose result stands beside the form.
    pub previous: Option<String>,
}

/// A client on offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it keeps a secret.
    pub client_type: ClientType,
    /// The id of its token policy.
    pub token_policy: String,
}

impl Workspace {
    fn policy(&self, fields: &Fields) -> Option<&TokenPolicy> {
        let client = self
            .clients
            .iter()
            .find(|client| client.id == fields.client)?;
        self.policies
            .iter()
            .find(|policy| policy.id == client.token_policy)
    }

    fn person(&self, fields: &Fields) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.profile.uuid == fields.person)
    }

    /// A kept draft, as far as it still fits this sandbox. State, nonce and
    /// verifier are for one use and come from the page.
    fn adopt(&self, kept: Fields) -> Fields {
        let known_client = self.clients.iter().any(|client| client.id == kept.client);
        let known_person = kept.person.is_empty() || self.person(&kept).is_some();
        Fields {
            client: if known_client {
                kept.client
            } else {
                self.fields.client.clone()
            },
            person: if known_person {
                kept.person
            } else {
                self.fields.person.clone()
            },
            state: self.fields.state.clone(),
            nonce: self.fields.nonce.clone(),
            code_verifier: self.fields.code_verifier.clone(),
            ..kept
        }
    }
}

/// The Build form; with `forecast`, the prediction stands beside it.
#[island]
pub fn Workbench(
    workspace: Workspace,
    /// Whether the prediction is shown: on a page that has no result yet.
    forecast: bool,
    /// Whether the draft kept in the browser replaces the fields: on a page
    /// whose address does not say what to compose.
    restore: bool,
) -> impl IntoView {
    let fields = RwSignal::new(workspace.fields.clone());
    let shared = StoredValue::new(workspace);
    keep_draft(fields, shared, restore);
    let prediction = Memo::new(move |_| {
        let fields = fields.get();
        forecast
            .then(|| shared.with_value(|workspace| Prediction::of(workspace, &fields)))
            .flatten()
    });
    let title = if forecast {
        "Build"
    } else {
        "Build the next run"
    };
    view! {
        {forecast.then(|| view! { <Headline prediction/> })}
        <details class="fold" open=forecast>
            <summary>{title}</summary>
            <BuildForm fields shared title/>
        </details>
        {forecast.then(|| view! { <Evidence prediction/> })}
    }
}

/// Reads the kept draft once after hydration, and keeps every change from then on.
fn keep_draft(fields: RwSignal<Fields>, shared: StoredValue<Workspace>, restore: bool) {
    Effect::new(move |first: Option<()>| {
        let now = fields.get();
        if first.is_none() {
            say_alive();
        }
        if first.is_some() {
            storage::write(Kept::Draft, &now);
        } else if restore && let Some(kept) = storage::read::<Fields>(Kept::Draft) {
            let adopted = shared.with_value(|workspace| workspace.adopt(kept));
            if adopted != now {
                fields.set(adopted);
            }
        }
    });
}

/// Marks the document once the form is alive, for the style sheet.
#[cfg(feature = "hydrate")]
fn say_alive() {
    if let Some(root) = document().document_element() {
        drop(root.set_attribute("data-live", "yes"));
    }
}

#[cfg(not(feature = "hydrate"))]
fn say_alive() {}

#[component]
fn BuildForm(
    fields: RwSignal<Fields>,
    shared: StoredValue<Workspace>,
    title: &'static str,
) -> impl IntoView {
    let workspace = shared.get_value();
    let redirect_uri = workspace.redirect_uri.clone();
    let request = Memo::new(move |_| fields.read().draft().request(&redirect_uri));
    view! {
        <form class="build" id="build" method="post" action="/runs" aria-label=title>
            <div class="section-head">
                <h2>{title}</h2>
                <button class="button primary" type="submit">"Run"</button>
            </div>
            {workspace
                .previous
                .clone()
                .map(|previous| view! { <input type="hidden" name="previous" value=previous/> })}
            <ClientField fields shared/>
            <PersonField fields people=workspace.people/>
            <ScopeField fields shared/>
            <MoreParameters fields/>
            <RequestUrl request endpoint=workspace.authorization_endpoint/>
            <p class="actions">
                <button class="button primary" type="submit">"Run"</button>
                <button
                    class="button unscripted"
                    type="submit"
                    formmethod="get"
                    formaction="/"
                >
                    "Update the prediction"
                </button>
            </p>
        </form>
    }
}

#[component]
fn ClientField(fields: RwSignal<Fields>, shared: StoredValue<Workspace>) -> impl IntoView {
    let workspace = shared.get_value();
    let options = workspace
        .clients
        .iter()
        .map(|client| {
            let id = client.id.clone();
            let selected = {
                let id = id.clone();
                move || fields.read().client == id
            };
            view! {
                <option value=id selected=selected>
                    {client.name.clone()} " (" {client.client_type.as_str()} ")"
                </option>
            }
        })
        .collect_view();
    let policy = move || {
        shared.with_value(|workspace| {
            workspace
                .policy(&fields.read())
                .map(|policy| policy.title.clone())
        })
    };
    view! {
        <div class="field">
            <span class="label">"Provider"</span>
            <p class="value">"Bundled, this sandbox"</p>
            <code class="hint wrap">{workspace.issuer.clone()}</code>
        </div>
        <div class="field">
            <label class="label" for="client">"Client"</label>
            <select
                id="client"
                name="client"
                on:change:target=move |event| fields.write().client = event.target().value()
            >
                {options}
            </select>
            <p class="hint">"Token policy: “" {policy} "”"</p>
        </div>
    }
}

#[component]
fn PersonField(fields: RwSignal<Fields>, people: Vec<Person>) -> impl IntoView {
    let choices = people
        .into_iter()
        .map(|person| {
            let name = person.profile.given_name.clone();
            view! {
                <PersonChoice
                    fields
                    value=person.profile.uuid
                    name=name
                    description=person.description
                />
            }
        })
        .collect_view();
    view! {
        <fieldset class="field people">
            <legend class="label">"Sign in as"</legend>
            {choices}
            <PersonChoice
                fields
                value=String::new()
                name="Ask me".to_owned()
                description="shows the provider's sign-in page".to_owned()
            />
        </fieldset>
    }
}

#[component]
fn PersonChoice(
    fields: RwSignal<Fields>,
    value: String,
    name: String,
    description: String,
) -> impl IntoView {
    let own = value.clone();
    let checked = move || fields.read().person == own;
    let chosen = value.clone();
    view! {
        <label class="choice">
            <input
                type="radio"
                name="person"
                value=value
                checked=checked.clone()
                prop:checked=checked
                on:change=move |_| fields.write().person.clone_from(&chosen)
            />
            <span class="choice-name">{name}</span>
            <span class="hint">{description}</span>
        </label>
    }
}

#[component]
fn ScopeField(fields: RwSignal<Fields>, shared: StoredValue<Workspace>) -> impl IntoView {
    let boxes = OFFERED
        .into_iter()
        .map(|scope| view! { <ScopeBox fields shared scope/> })
        .collect_view();
    let findings = move || {
        let text = fields.read().own_scope.trim().to_owned();
        finding_texts(&Scope::parse(&text).findings)
    };
    view! {
        <fieldset class="field scopes">
            <legend class="label">"Scopes"</legend>
            <div class="scope" data-scope="openid">
                <label class="choice">
                    <input type="checkbox" checked disabled aria-describedby="why-openid"/>
                    <input type="hidden" name="scope" value="openid"/>
                    <code class="choice-name">"openid"</code>
                    <span class="hint">"sub"</span>
                </label>
                <details class="why" id="why-openid">
                    <summary>"Locked: why"</summary>
                    <p>
                        "Without "<code>"openid"</code>
                        " it is no OpenID Connect request: no ID token, no userinfo. Hosted Login refuses it with “Scope must include 'openid'”."
                    </p>
                </details>
            </div>
            {boxes}
            <div class="field own-scope">
                <label for="own_scope">"Your own scope"</label>
                <input
                    id="own_scope"
                    name="own_scope"
                    type="text"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="for example loyalty"
                    value=fields.get_untracked().own_scope
                    prop:value=move || fields.read().own_scope.clone()
                    on:input:target=move |event| fields.write().own_scope = event.target().value()
                />
                <p class="hint" aria-live="polite">{findings}</p>
            </div>
        </fieldset>
    }
}

fn finding_texts(findings: &[ScopeFinding]) -> String {
    findings
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

#[component]
fn ScopeBox(
    fields: RwSignal<Fields>,
    shared: StoredValue<Workspace>,
    scope: StandardScope,
) -> impl IntoView {
    let token = scope.as_str();
    let checked = move || fields.read().is_ticked(scope);
    let allowed = move || {
        shared.with_value(|workspace| {
            workspace
                .policy(&fields.read())
                .is_none_or(|policy| policy.allowed_scopes.contains(token))
        })
    };
    view! {
        <div class="scope" data-scope=token>
            <label class="choice">
                <input
                    type="checkbox"
                    name="scope"
                    value=token
                    checked=checked
                    prop:checked=checked
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        fields.write().tick(scope, on);
                    }
                />
                <code class="choice-name">{token}</code>
                <span class="hint">{scope.claims().join(", ")}</span>
                <span class="badge" hidden=allowed>"not in the policy"</span>
            </label>
        </div>
    }
}

#[component]
fn MoreParameters(fields: RwSignal<Fields>) -> impl IntoView {
    let prompts = PROMPTS
        .into_iter()
        .map(|value| {
            let label = if value.is_empty() { "left out" } else { value };
            view! {
                <option value=value selected=move || fields.read().prompt == value>{label}</option>
            }
        })
        .collect_view();
    let initial = fields.get_untracked();
    view! {
        <details class="field more">
            <summary>"state, nonce, PKCE, prompt, login_hint"</summary>
            <div class="field">
                <label for="state">"state"</label>
                <input
                    id="state" name="state" type="text" autocomplete="off" spellcheck="false"
                    value=initial.state
                    prop:value=move || fields.read().state.clone()
                    on:input:target=move |event| fields.write().state = event.target().value()
                />
                <p class="hint">"Empty leaves it out; the answer then cannot be told from a forged one, and the playground refuses it."</p>
            </div>
            <div class="field">
                <label for="nonce">"nonce"</label>
                <input
                    id="nonce" name="nonce" type="text" autocomplete="off" spellcheck="false"
                    value=initial.nonce
                    prop:value=move || fields.read().nonce.clone()
                    on:input:target=move |event| fields.write().nonce = event.target().value()
                />
            </div>
            <div class="field">
                <label class="choice">
                    <input
                        type="checkbox" name="pkce" value="S256"
                        checked=move || fields.read().pkce
                        prop:checked=move || fields.read().pkce
                        on:change:target=move |event| fields.write().pkce = event.target().checked()
                    />
                    <span class="choice-name">"PKCE"</span>
                    <span class="hint">"code_challenge, S256. A public client is refused without it."</span>
                </label>
                <input
                    type="hidden" name="code_verifier"
                    value=initial.code_verifier
                    prop:value=move || fields.read().code_verifier.clone()
                />
            </div>
            <div class="field">
                <label for="prompt">"prompt"</label>
                <select
                    id="prompt" name="prompt"
                    on:change:target=move |event| fields.write().prompt = event.target().value()
                >
                    {prompts}
                </select>
                <p class="hint"><code>"login"</code>" asks again although there is a session; "<code>"none"</code>" never asks."</p>
            </div>
            <div class="field">
                <label for="login_hint">"login_hint"</label>
                <input
                    id="login_hint" name="login_hint" type="text" autocomplete="off" spellcheck="false"
                    value=initial.login_hint
                    prop:value=move || fields.read().login_hint.clone()
                    on:input:target=move |event| fields.write().login_hint = event.target().value()
                />
            </div>
        </details>
    }
}

/// What a run would bring, computed by the code that issues.
#[derive(Clone, Debug, PartialEq)]
struct Prediction {
    verdict: Verdict,
    rows: Vec<FunnelRow>,
    /// Whose userinfo it is.
    name: String,
    /// Whether that person is chosen, or only an example.
    chosen: bool,
    userinfo: Vec<PaneLine>,
    policy: Vec<PaneLine>,
    policy_title: String,
}

impl Prediction {
    fn of(workspace: &Workspace, fields: &Fields) -> Option<Self> {
        let policy = workspace.policy(fields)?;
        let asked = workspace.person(fields);
        let person = asked.or(workspace.people.first())?;
        let requested = Scope::parse(&fields.draft().scope).scope;
        let rows = funnel::predicted(&requested, policy, &person.profile);
        Some(Self {
            verdict: verdict::forecast(&rows, policy),
            policy: panes::predicted_policy_lines(&rows, policy),
            rows,
            name: person.profile.given_name.clone(),
            chosen: asked.is_some(),
            userinfo: panes::predicted_userinfo_lines(&requested, policy, &person.profile),
            policy_title: policy.title.clone(),
        })
    }
}

#[component]
fn Headline(prediction: Memo<Option<Prediction>>) -> impl IntoView {
    move || {
        let Some(prediction) = prediction.get() else {
            return view! {
                <p class="lead headline">"This client is not in your sandbox. Choose another one."</p>
            }
            .into_any();
        };
        let hint = if prediction.chosen {
            format!(
                "Signs {} in for real, through the bundled provider.",
                prediction.name
            )
        } else {
            "Takes you to the sign-in page of the bundled provider.".to_owned()
        };
        view! {
            <VerdictView verdict=prediction.verdict eyebrow="Prediction">
                <p class="actions">
                    <button class="button primary" type="submit" form="build">"Run it and see"</button>
                    <span class="hint">{hint}</span>
                </p>
            </VerdictView>
        }
        .into_any()
    }
}

#[component]
fn Evidence(prediction: Memo<Option<Prediction>>) -> impl IntoView {
    let content = move || {
        prediction.get().map(|prediction| {
            let note = if prediction.chosen {
                format!("What the provider will say about {}.", prediction.name)
            } else {
                format!(
                    "Nobody is chosen yet; this would be said about {}.",
                    prediction.name
                )
            };
            view! {
                <FunnelTable rows=prediction.rows tense=Tense::Forecast/>
                <Panes
                    userinfo=prediction.userinfo
                    userinfo_note=note
                    policy=prediction.policy
                    policy_title=prediction.policy_title
                />
            }
        })
    };
    view! { <div class="evidence">{content}</div> }
}
