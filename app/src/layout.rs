//! Header and footer around the playground's own pages.

use leptos::prelude::*;

#[component]
pub fn Layout(
    /// The short form of the sandbox's customer id, when one is known.
    #[prop(optional_no_strip)]
    sandbox: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="masthead">
            <a class="brand" href="/">
                <span class="brand-mark" aria-hidden="true"></span>
                "OIDC Playground"
            </a>
            <Pages/>
            <div class="masthead-end">
                {sandbox.map(|id| view! { <SandboxBadge id/> })}
                <ThemeSwitch/>
            </div>
        </header>
        {children()}
        <footer class="footer">
            <DataPanel/>
            <p>"A learning tool with a provider bundled in. It imitates Akamai Identity Cloud and is not made by Akamai."</p>
        </footer>
    }
}

/// The way to every part of the site. The style sheet folds it away on a phone
/// only.
const PAGES: [(&str, &str); 6] = [
    ("/", "Playground"),
    ("/admin-tokens", "Administrative tokens"),
    ("/policies", "Policies"),
    ("/clients", "Clients"),
    ("/people", "People"),
    ("/runs", "Runs"),
];

#[component]
fn Pages() -> impl IntoView {
    let here = crate::ssr::path();
    let links = PAGES
        .into_iter()
        .map(|(href, label)| {
            let below = here.strip_prefix(href).filter(|_| href != "/");
            let current = if here == href {
                Some("page")
            } else {
                below.filter(|rest| rest.starts_with('/')).map(|_| "true")
            };
            view! { <a href=href aria-current=current>{label}</a> }
        })
        .collect_view();
    view! {
        <nav aria-label="Pages">
            <details class="pages">
                <summary>"Menu"</summary>
                <div class="pages-list">{links}</div>
            </details>
        </nav>
    }
}

#[component]
fn SandboxBadge(id: String) -> impl IntoView {
    let short: String = id.chars().take(8).collect();
    view! {
        <details class="menu">
            <summary>
                "Sandbox " <code>{short}</code>
            </summary>
            <div class="menu-body">
                <p>
                    "Everything here is yours alone: customer id "
                    <code class="wrap">{id}</code>
                    ". A cookie holds the key. Nobody else sees what you change."
                </p>
                <p><a href="/sandbox">"Export, import, and what was changed"</a></p>
                <form method="post" action="/sandbox/reset">
                    <button class="button danger" type="submit">"Reset the sandbox"</button>
                    <p class="hint">"Puts policies, clients and people back as they were and forgets your runs."</p>
                </form>
            </div>
        </details>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let chosen = crate::ssr::theme().unwrap_or_else(|| "system".to_owned());
    let choice = |value: &'static str, label: &'static str| {
        view! {
            <button
                class="segment"
                type="submit"
                name="theme"
                value=value
                data-choice=value
                aria-pressed=(chosen == value).to_string()
            >
                {label}
            </button>
        }
    };
    view! {
        <form method="post" action="/theme">
            <div class="segments" role="group" aria-label="Theme">
                {choice("light", "Light")} {choice("dark", "Dark")} {choice("system", "Auto")}
            </div>
        </form>
    }
}

#[component]
fn DataPanel() -> impl IntoView {
    view! {
        <details class="quiet">
            <summary>"Where your data goes"</summary>
            <DataList/>
        </details>
    }
}

/// Where each piece of data goes, and for how long.
#[component]
pub fn DataList() -> impl IntoView {
    let days = crate::ssr::sandbox_idle_days();
    view! {
        <div class="data-list">
            <ul>
                <li>"Requests, tokens and results of your runs, and the calls of changes you made: this server's database, for 24 hours, readable with your cookie only."</li>
                <li>"Policies, clients and people of your sandbox: this server's database, until you reset it or leave it alone for " {days} "."</li>
                <li>"The request you are composing: your browser's own storage."</li>
                <li>"Your choice of light or dark, and which hints you put away: cookies of your browser."</li>
                <li>"Nothing goes to anyone else: no third party is asked for anything, and nothing is counted."</li>
            </ul>
            <form method="post" action="/hints">
                <button class="button small" type="submit" name="show_again" value="yes">
                    "Show the hints again"
                </button>
            </form>
        </div>
    }
}
