//! Every call of the configuration API against a token.

use super::scopes::OurReading;
use diagnosis::admin::{
    CallMade, Permission, Refusal, TokenState, is_our_reading, permission, refusal,
};
use leptos::prelude::*;
use playground::{AdminTokenView, CallPlace, PlaceCall, TokenStep};

/// The columns.
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "DELETE"];

/// The table; each cell makes its call.
#[component]
pub fn Permissions(view: AdminTokenView) -> impl IntoView {
    let granted = view.token.what.granted();
    let calls = view.lab.calls();
    let total = calls.len();
    let allowed = calls
        .iter()
        .filter(|(method, path)| permission(view.state, &granted, method, path).is_allowed())
        .count();
    let action = format!("/admin-tokens/{}/calls", view.token.id);
    let head = METHODS
        .map(|method| view! { <th scope="col">{method}</th> })
        .collect_view();
    let groups = groups(&view.lab.places)
        .into_iter()
        .map(|(title, places)| {
            let rows = places
                .into_iter()
                .map(|place| row(place, &view))
                .collect_view();
            view! {
                <tbody>
                    <tr class="group"><th colspan="5" scope="rowgroup">{title}</th></tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view();
    view! {
        <form method="post" action=action class="permissions">
            <p class="hint">
                <b>{allowed}" of "{total}</b>
                " calls are allowed: ✓ with the scope that decides, ✕ where none covers method and path. Each cell makes its call for real. PUT sends back what GET shows, so that nothing changes; what makes, changes or deletes something asks first, unless it will be refused."
            </p>
            <table>
                <thead><tr><th scope="col">"Path"</th>{head}</tr></thead>
                {groups}
            </table>
        </form>
    }
}

/// The places of each collection, under its name.
fn groups(places: &[CallPlace]) -> Vec<(String, Vec<CallPlace>)> {
    let mut groups: Vec<(String, Vec<CallPlace>)> = Vec::new();
    for place in places {
        let name = place.template.split('/').nth(1).unwrap_or_default();
        match groups.iter_mut().find(|(own, _)| own == name) {
            Some((_, own)) => own.push(place.clone()),
            None => groups.push((name.to_owned(), vec![place.clone()])),
        }
    }
    groups
        .into_iter()
        .map(|(name, places)| (title(&name), places))
        .collect()
}

fn title(collection: &str) -> String {
    match collection {
        "tokenPolicies" => "Token policies".to_owned(),
        "loginPolicies" => "Login policies".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    }
}

fn row(place: CallPlace, view: &AdminTokenView) -> impl IntoView + use<> {
    let cells = METHODS
        .map(|method| {
            let call = place.calls.iter().find(|call| call.method == method);
            match call {
                Some(call) => cell(&place, call, view).into_any(),
                None => view! { <td class="nothing"></td> }.into_any(),
            }
        })
        .collect_view();
    let is_item = !place.item.is_empty();
    view! {
        <tr class:item=is_item>
            <th scope="row">
                {is_item.then(|| item_name(&place))}
                <code title=place.path.clone()>{path_view(&place.path)}</code>
            </th>
            {cells}
        </tr>
    }
}

fn cell(place: &CallPlace, call: &PlaceCall, view: &AdminTokenView) -> impl IntoView + use<> {
    let granted = view.token.what.granted();
    let permission = permission(view.state, &granted, &call.method, &place.path);
    let made = last_made(view, &call.method, &place.path).map(|made| {
        let (class, word) = match made.agrees() {
            Some(true) => ("made", "as predicted"),
            Some(false) => ("made wrong", "not as predicted"),
            None => ("made wrong", "no answer"),
        };
        let status = made.status.map(|status| status.to_string());
        view! { <span class=class>{status}" "{word}</span> }
    });
    let value = format!("{} {}", call.method, place.path);
    let says = match &permission {
        Permission::Allowed(scope) => format!("allowed by {scope}"),
        Permission::Refused(why) => format!("refused: {}", refusal(*why)),
    };
    let label = format!("{} {}, {says}. {}", call.method, place.path, call.summary);
    let content = match permission {
        Permission::Allowed(scope) => allowed(scope.as_str()).into_any(),
        Permission::Refused(why) => refused(why).into_any(),
    };
    let class = if says.starts_with("allowed") {
        "call yes"
    } else {
        "call no"
    };
    let method = call.method.clone();
    view! {
        <td>
            <button class=class type="submit" name="call" value=value title=call.summary aria-label=label>
                <span class="says"><b class="method">{method}</b>{content}</span>
                {made}
            </button>
        </td>
    }
}

fn allowed(scope: &str) -> impl IntoView + use<> {
    let ours = is_our_reading(scope);
    view! {
        <span class="sign" aria-hidden="true">"✓"</span>
        <code>{shortened(scope)}</code>
        {ours.then(|| view! { <OurReading/> })}
    }
}

fn refused(why: Refusal) -> impl IntoView + use<> {
    let word = match why {
        Refusal::NotCovered | Refusal::NoScope => "refused",
        Refusal::Dead(TokenState::Expired) => "expired",
        Refusal::Dead(TokenState::Revoked) => "revoked",
        Refusal::Dead(_) => "gone",
    };
    view! {
        <span class="sign" aria-hidden="true">"✕"</span>
        <span>{word}</span>
    }
}

/// The name of what is there, with a link to its page if it has one.
fn item_name(place: &CallPlace) -> impl IntoView + use<> {
    let name = place.item.clone();
    let mut segments = place.path.split('/').skip(1);
    let page = match (segments.next(), segments.next()) {
        (Some("tokenPolicies"), Some(id)) => Some(format!("/policies/token/{id}")),
        (Some("loginPolicies"), Some(id)) => Some(format!("/policies/login/{id}")),
        (Some("clients"), Some(id)) => Some(format!("/clients/{id}")),
        (Some("people"), Some(id)) => Some(format!("/people/{id}")),
        _ => None,
    };
    match page {
        Some(href) => view! { <a class="item-name" href=href>{name}</a> }.into_any(),
        None => view! { <span class="item-name">{name}</span> }.into_any(),
    }
}

/// A path with ids cut to eight digits, which may be broken after each slash.
pub fn path_view(path: &str) -> impl IntoView + use<> {
    shortened(path)
        .split_inclusive('/')
        .map(|part| view! { {part.to_owned()}<wbr/> })
        .collect_view()
}

/// The last time the call was made.
fn last_made(view: &AdminTokenView, method: &str, path: &str) -> Option<CallMade> {
    view.steps.iter().rev().find_map(|step| match &step.what {
        TokenStep::Called(made) if made.method == method && made.path == path => Some(made.clone()),
        _ => None,
    })
}

/// A path with ids cut to eight digits.
pub fn shortened(path: &str) -> String {
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| {
            let is_uuid =
                segment.len() == 36 && segment.is_ascii() && segment.matches('-').count() == 4;
            if is_uuid {
                format!("{}…", &segment[..8])
            } else {
                segment.to_owned()
            }
        })
        .collect();
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::{shortened, title};

    #[test]
    fn ids_are_cut_short_and_names_are_not() {
        assert_eq!(
            shortened("config/clients/6d046e3e-9f9b-42ac-8928-dc5c6072af63/secret"),
            "config/clients/6d046e3e…/secret"
        );
        assert_eq!(shortened("config/clients"), "config/clients");
    }

    #[test]
    fn collections_are_named_for_people() {
        assert_eq!(title("tokenPolicies"), "Token policies");
        assert_eq!(title("people"), "People");
        assert_eq!(title(""), "");
    }
}
