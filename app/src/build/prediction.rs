//! What a run would bring, computed by the code that issues.

use super::{fields::Fields, workbench::Bench, workspace::Choices};
use crate::components::prose::Prose;
use crate::explain::{
    funnel::{FunnelTable, Tense},
    panes::Panes,
    verdict::VerdictView,
};
use diagnosis::{
    funnel::{self, FunnelRow},
    panes::{self, PaneLine},
    verdict::{self, Outlook, Tone, Verdict},
};
use leptos::{either::Either, prelude::*};
use oidc::{claims_request::ClaimsRequest, scope::Scope};
use policy::{client::ClientType, predict};

/// What a run would bring.
#[derive(Debug)]
pub struct Prediction {
    verdict: Verdict,
    rows: Vec<FunnelRow>,
    /// Whose userinfo it is.
    name: String,
    /// Whether that person is chosen, or only an example.
    chosen: bool,
    /// What a run does first.
    hint: String,
    userinfo: Vec<PaneLine>,
    /// The claims about the person that the ID token will hold.
    id_token: Vec<String>,
    policy: Vec<PaneLine>,
    policy_title: String,
}

impl Prediction {
    /// The prediction for what stands in the form; `None` for a client that the
    /// sandbox does not have.
    #[must_use]
    pub fn of(choices: &Choices, fields: &Fields) -> Option<Self> {
        let policy = choices.policy(fields)?;
        let chosen = choices.person(fields);
        let at = chosen.unwrap_or(0);
        let name = &choices.people.get(at)?.1;
        let login = choices.login(fields)?;
        let facts = login.facts.get(at)?;
        let draft = fields.draft();
        let requested = Scope::parse(&draft.scope).scope;
        let claims = ClaimsRequest::parse(fields.get("claims")).ok();
        let prediction = predict(&requested, claims.as_ref(), policy, facts);
        let rows = funnel::predicted(&requested, policy, facts, &prediction);
        let client_type = if choices.client(fields)?.confidential {
            ClientType::Confidential
        } else {
            ClientType::Public
        };
        let verdict = verdict::forecast(&Outlook {
            draft: &draft,
            client_type,
            response_types: &login.response_types,
            rows: &rows,
            policy,
            person: name,
        });
        Some(Self {
            hint: first_step(&verdict, fields, chosen.map(|_| name.as_str())),
            verdict,
            policy: panes::predicted_policy_lines(&rows, policy),
            id_token: prediction.id_token.keys().cloned().collect(),
            userinfo: panes::predicted_userinfo_lines(prediction.userinfo.as_ref(), &rows),
            rows,
            name: name.clone(),
            chosen: chosen.is_some(),
            policy_title: policy.title.clone(),
        })
    }
}

fn first_step(verdict: &Verdict, fields: &Fields, person: Option<&str>) -> String {
    match person {
        _ if verdict.tone == Tone::Failed => {
            "Sends it all the same, to see what comes back.".to_owned()
        }
        Some(name) if fields.get("prompt") == "login" => {
            format!("`prompt=login` takes you to the sign-in page, although {name} is chosen.")
        }
        Some(name) => format!("Signs {name} in for real, through the bundled provider."),
        None => "Takes you to the sign-in page of the bundled provider.".to_owned(),
    }
}

#[island]
pub fn Headline() -> impl IntoView {
    let bench = Bench::here();
    move || match bench.ask(Prediction::of) {
        None => Either::Left(view! {
            <p class="lead headline">"This client is not in your sandbox. Choose another one."</p>
        }),
        Some(prediction) => Either::Right(view! {
            <VerdictView verdict=prediction.verdict eyebrow="Prediction">
                <p class="actions">
                    <button class="button primary" type="submit" form="build">"Run it and see"</button>
                    <span class="hint"><Prose text=prediction.hint/></span>
                </p>
            </VerdictView>
        }),
    }
}

#[island]
pub fn Evidence() -> impl IntoView {
    let bench = Bench::here();
    let content = move || {
        bench.ask(Prediction::of).map(|prediction| {
            let note = if prediction.chosen {
                format!("What the provider will say about {}.", prediction.name)
            } else {
                format!(
                    "Nobody is chosen yet; this would be said about {}.",
                    prediction.name
                )
            };
            let hypothetical = (prediction.verdict.tone == Tone::Failed).then(|| {
                view! {
                    <p class="hint">"It will not come to this. Without the refusal, this is what a run would bring."</p>
                }
            });
            let id_token = (!prediction.id_token.is_empty()).then(|| {
                let names = prediction.id_token.join("`, `");
                view! {
                    <p class="hint">
                        <Prose text=format!("The ID token will hold `{names}`, too.")/>
                    </p>
                }
            });
            view! {
                {hypothetical}
                {id_token}
                <FunnelTable rows=prediction.rows tense=Tense::Forecast/>
                <Panes
                    userinfo=prediction.userinfo
                    userinfo_note=note
                    policy=prediction.policy
                    policy_note=format!("“{}” decides what a token may carry.", prediction.policy_title)
                />
            }
        })
    };
    view! { <div class="evidence">{content}</div> }
}
