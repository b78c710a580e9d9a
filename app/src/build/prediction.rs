//! What a run would bring, computed by the code that issues.

use super::{fields::Fields, workspace::Workspace};
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
use leptos::prelude::*;
use oidc::scope::Scope;

/// What a run would bring.
#[derive(Clone, Debug, PartialEq)]
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
    policy: Vec<PaneLine>,
    policy_title: String,
}

impl Prediction {
    /// The prediction for what stands in the form; `None` for a client that the
    /// sandbox does not have.
    #[must_use]
    pub fn of(workspace: &Workspace, fields: &Fields) -> Option<Self> {
        let policy = workspace.policy(fields)?;
        let asked = workspace.person(fields);
        let person = asked.or(workspace.people.first())?;
        let client = workspace.client(fields)?;
        let draft = fields.draft();
        let requested = Scope::parse(&draft.scope).scope;
        let rows = funnel::predicted(&requested, policy, &person.profile);
        let verdict = verdict::forecast(&Outlook {
            draft: &draft,
            client_type: client.client_type,
            rows: &rows,
            policy,
            person: &person.profile.given_name,
        });
        let hint = first_step(
            &verdict,
            fields,
            asked.map(|person| person.profile.given_name.as_str()),
        );
        Some(Self {
            verdict,
            hint,
            policy: panes::predicted_policy_lines(&rows, policy),
            rows,
            name: person.profile.given_name.clone(),
            chosen: asked.is_some(),
            userinfo: panes::predicted_userinfo_lines(&requested, policy, &person.profile),
            policy_title: policy.title.clone(),
        })
    }
}

fn first_step(verdict: &Verdict, fields: &Fields, person: Option<&str>) -> String {
    match person {
        _ if verdict.tone == Tone::Failed => {
            "Sends it all the same, to see what comes back.".to_owned()
        }
        Some(name) if fields.prompt == "login" => {
            format!("`prompt=login` takes you to the sign-in page, although {name} is chosen.")
        }
        Some(name) => format!("Signs {name} in for real, through the bundled provider."),
        None => "Takes you to the sign-in page of the bundled provider.".to_owned(),
    }
}

#[component]
pub fn Headline(prediction: Memo<Option<Prediction>>) -> impl IntoView {
    move || {
        let Some(prediction) = prediction.get() else {
            return view! {
                <p class="lead headline">"This client is not in your sandbox. Choose another one."</p>
            }
            .into_any();
        };
        view! {
            <VerdictView verdict=prediction.verdict eyebrow="Prediction">
                <p class="actions">
                    <button class="button primary" type="submit" form="build">"Run it and see"</button>
                    <span class="hint"><Prose text=prediction.hint/></span>
                </p>
            </VerdictView>
        }
        .into_any()
    }
}

#[component]
pub fn Evidence(prediction: Memo<Option<Prediction>>) -> impl IntoView {
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
            let hypothetical = (prediction.verdict.tone == Tone::Failed).then(|| {
                view! {
                    <p class="hint">"It will not come to this. Without the refusal, this is what a run would bring."</p>
                }
            });
            view! {
                {hypothetical}
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
