//! The clients of a policy: who uses it, and giving a client another one.

use super::{api::User, list::kind_word, review::SURE};
use leptos::prelude::*;

/// A policy that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// Who uses a policy, and who could.
#[component]
pub fn Clients(
    /// Where the form is sent.
    action: String,
    /// The policy.
    policy: String,
    users: Vec<User>,
    others: Vec<User>,
    /// What its users could use in its place.
    choices: Vec<Choice>,
    /// Whether to ask if the person is sure to be locked out.
    ask_sure: bool,
) -> impl IntoView {
    let sure = ask_sure.then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" name=SURE value="lock-out"/>
                <span>"I know that this locks me out, and send it all the same"</span>
            </label>
        }
    });
    let is_used = !users.is_empty();
    let can_move = !choices.is_empty();
    let rows = users
        .into_iter()
        .map(|user| {
            let options = choices
                .iter()
                .map(|choice| view! { <option value=choice.id.clone()>{choice.title.clone()}</option> })
                .collect_view();
            let label = format!("Another policy for {}", user.name);
            view! {
                <li class="client-row">
                    <p>
                        <a href=format!("/clients/{}", user.id)>{user.name}</a>
                        " " <span class="hint">{kind_word(user.kind)}</span>
                    </p>
                    {can_move
                        .then(|| {
                            view! {
                                <form method="post" action=action.clone() class="inline-form">
                                    <input type="hidden" name="client" value=user.id.clone()/>
                                    <select name="policy" aria-label=label>{options}</select>
                                    <button class="button" type="submit">"Give it this one"</button>
                                </form>
                            }
                        })}
                </li>
            }
        })
        .collect_view();
    let options = others
        .iter()
        .map(|user| view! { <option value=user.id.clone()>{user.name.clone()}</option> })
        .collect_view();
    let assign = (!others.is_empty()).then(|| {
        view! {
            <form method="post" action=action.clone() class="inline-form">
                <input type="hidden" name="policy" value=policy/>
                <label for="client">"Give this policy to"</label>
                <select id="client" name="client">{options}</select>
                <button class="button" type="submit">"Assign"</button>
                {sure}
            </form>
        }
    });
    view! {
        <section aria-labelledby="clients-title">
            <h2 id="clients-title">"Clients"</h2>
            {if is_used {
                view! {
                    <p class="hint">"What is changed here counts for them from the next token on. Tokens that were issued keep their scopes."</p>
                    <ul class="client-rows">{rows}</ul>
                }.into_any()
            } else {
                view! { <p class="hint">"No client uses it, so that it decides nothing yet."</p> }.into_any()
            }}
            {assign}
        </section>
    }
}
