//! How long something still lives.

use leptos::prelude::*;
use oidc::time::UnixTime;

/// Says how long it is until a moment, or how long ago it was: "expires in
/// 59 min 12 s", "expired 3 s ago". With scripts it goes on every second;
/// without, it says how it was when the page was made. The moment itself stands
/// behind it, in UTC.
///
/// It is plain HTML, so that it also works where a part of the page is replaced
/// later; one clock, [`start`], serves all of them. That clock counts from the
/// server's time, so that a wrong clock of the visitor does no harm. Screen
/// readers read it when asked, and are not told of each second.
#[component]
pub fn Countdown(
    /// The moment.
    until: UnixTime,
    /// The server's time.
    now: UnixTime,
) -> impl IntoView {
    let left = until.since(now);
    let moment = until.to_string();
    let machine_readable = moment.replace(" UTC", "Z");
    view! {
        <span class="countdown">
            <span data-left=left>{remaining(left)}</span>
            " · "
            <time datetime=machine_readable>{moment}</time>
        </span>
    }
}

/// The words for so many seconds; negative when it is over.
#[must_use]
pub fn remaining(seconds: i64) -> String {
    let span = span(seconds.unsigned_abs());
    match seconds {
        1.. => format!("expires in {span}"),
        0 => "expires now".to_owned(),
        _ => format!("expired {span} ago"),
    }
}

/// A length of time by its two largest units.
fn span(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let first = UNITS
        .iter()
        .position(|(length, _)| seconds >= *length)
        .unwrap_or(3);
    let mut rest = seconds;
    let mut words = Vec::new();
    for (length, unit) in UNITS.iter().skip(first).take(2) {
        if rest >= *length || words.is_empty() {
            words.push(format!("{} {unit}", rest / length));
        }
        rest %= length;
    }
    words.join(" ")
}

/// Lets every [`Countdown`] of the page go on, also those that come later.
/// Called once, when the page starts.
#[cfg(feature = "hydrate")]
pub fn start() {
    use crate::dom::{every, seconds_open};
    // These are as old as the page.
    tick(0);
    every(1000, || tick(seconds_open()));
}

/// Writes what is left by now. What is counted here are the seconds that the
/// page is open; `made` is when those that are seen for the first time were made.
#[cfg(feature = "hydrate")]
fn tick(made: i64) {
    use crate::dom;
    let now = dom::seconds_open();
    for element in dom::elements(document().query_selector_all("[data-left]")) {
        let number = |name: &str| element.get_attribute(name)?.parse::<i64>().ok();
        let Some(left) = number("data-left") else {
            continue;
        };
        let end = number("data-end").unwrap_or_else(|| {
            let end = left.saturating_add(made);
            drop(element.set_attribute("data-end", &end.to_string()));
            end
        });
        element.set_text_content(Some(&remaining(end.saturating_sub(now))));
    }
}

#[cfg(test)]
mod tests {
    use super::remaining;

    #[test]
    fn a_length_of_time_is_said_by_its_two_largest_units() {
        for (seconds, words) in [
            (3552, "expires in 59 min 12 s"),
            (60, "expires in 1 min"),
            (1, "expires in 1 s"),
            (0, "expires now"),
            (-3, "expired 3 s ago"),
            (-7_776_000, "expired 90 d ago"),
            (90_061, "expires in 1 d 1 h"),
            (86_401, "expires in 1 d"),
            (i64::MIN, "expired 106751991167300 d 15 h ago"),
        ] {
            assert_eq!(remaining(seconds), words);
        }
    }
}
