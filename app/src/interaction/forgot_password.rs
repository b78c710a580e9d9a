//! The Password Reset screens: before the mail, and after.

use super::{
    card::{Alert, Card},
    field::{TextField, Typing},
};
use leptos::prelude::*;
use leptos_meta::Title;
use provider::screen::{ForgotPasswordView, LINK_MINUTES, Mail, MailSentView};

const SLOW_DOWN: &str = "Too many mails were asked for. Wait a minute, then try again.";
const LINK_IS_OVER: &str = "This link no longer works: it was used, or it is too old. Enter your email address to get a new one.";

#[component]
pub fn ForgotPassword(view: ForgotPasswordView, title: &'static str) -> impl IntoView {
    let problem = if view.slow_down {
        Some(SLOW_DOWN)
    } else {
        view.link_is_over.then_some(LINK_IS_OVER)
    };
    view! {
        <Title text=title/>
        <Card heading=title>
            {match problem {
                Some(text) => view! { <Alert text/> }.into_any(),
                None => {
                    view! { <p>"We will send you a link to choose a new password."</p> }.into_any()
                }
            }}
            <form method="post" action=view.action novalidate>
                <input type="hidden" name="interaction" value=view.interaction/>
                <TextField field=view.email name="email" label="Email Address" typing=Typing::EMAIL/>
                <button class="button primary wide" type="submit">"Send"</button>
            </form>
            {view.sign_in
                .map(|sign_in| view! { <a class="button wide" href=sign_in>"Cancel Request"</a> })}
        </Card>
    }
}

#[component]
pub fn MailSent(view: MailSentView, title: &'static str) -> impl IntoView {
    let answer = format!(
        "If there is an account for this address, a mail with a link is on its way. The link works once, for {LINK_MINUTES} minutes."
    );
    view! {
        <Title text=title/>
        <Card heading=title>
            <p>{answer}</p>
            <SentMail mail=view.mail email=view.email/>
            {view.sign_in
                .map(|sign_in| view! { <a class="button wide" href=sign_in>"Back to the sign-in"</a> })}
        </Card>
    }
}

/// The mail, where it may be seen. It tells whether there is an account, which
/// the answer above does not.
#[component]
fn SentMail(mail: Mail, email: String) -> impl IntoView {
    match mail {
        Mail::Hidden => view! {
            <p class="hint">
                "This provider is a mock and sends no mail. It shows mails only to those the accounts belong to."
            </p>
        }
        .into_any(),
        Mail::Nobody => view! {
            <p class="hint">
                "This provider is a mock: here, where the accounts are yours, it shows the mail instead. There is none, because no account has the address "
                <b>{email}</b> "."
            </p>
        }
        .into_any(),
        Mail::Shown { name, link } => view! {
            <section class="mail" aria-labelledby="mail-title">
                <h2 id="mail-title">"The mail"</h2>
                <p class="hint">
                    "This provider is a mock: here, where the accounts are yours, it shows the mail instead."
                </p>
                <dl>
                    <dt>"To"</dt>
                    <dd>{email}</dd>
                    <dt>"Subject"</dt>
                    <dd>"Choose a new password"</dd>
                </dl>
                <p>"Hello " {name} ","</p>
                <p>"somebody asked for a new password for your account. If it was you, follow this link:"</p>
                <p><a href=link>"Choose a new password"</a></p>
                <p>"If it was not you, there is nothing to do."</p>
            </section>
        }
        .into_any(),
    }
}
