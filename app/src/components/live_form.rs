//! A page that follows one of its forms.

use leptos::prelude::*;

/// Keeps the page in step with the form that has this id. Shows nothing itself.
///
/// A moment after the form was changed, its fields are sent to the address in
/// its `data-preview`, as the button that people without scripts press would
/// send them. Out of the page that comes back, every element with
/// `data-region` and an id replaces the one with the same id, unless the
/// keyboard is in it. A `<details>` with an id in it stays open or closed.
///
/// Stands behind everything else that is alive on the page: it marks the
/// document as alive.
#[island]
pub fn LiveForm(form: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    page::follow(&form);
    #[cfg(not(feature = "hydrate"))]
    let _ = form;
}

/// Which change is asked about: one request at a time, and the newest wins.
#[cfg(any(feature = "hydrate", test))]
#[derive(Debug, Default)]
struct Turns {
    /// How many changes there were.
    changes: u32,
    /// The change that is asked about.
    asked: Option<u32>,
}

#[cfg(any(feature = "hydrate", test))]
impl Turns {
    /// The form was changed: the change's number.
    const fn changed(&mut self) -> u32 {
        self.changes += 1;
        self.changes
    }

    /// Whether to ask about this change now: not when another one came after
    /// it, and not before the answer to an earlier one.
    const fn ask(&mut self, change: u32) -> bool {
        let now = change == self.changes && self.asked.is_none();
        if now {
            self.asked = Some(change);
        }
        now
    }

    /// An answer has come, or will not come: whether it speaks of the form as it
    /// is. If it does not, the newest change is to be asked about.
    fn answered(&mut self) -> bool {
        self.asked.take() == Some(self.changes)
    }
}

/// What happens in the browser.
#[cfg(feature = "hydrate")]
mod page {
    use super::Turns;
    use crate::dom;
    use leptos::{
        prelude::{document, window},
        task::spawn_local,
    };
    use std::{cell::RefCell, rc::Rc};
    use web_sys::{
        Document, DomParser, Element, FormData, Headers, HtmlFormElement, RequestInit, Response,
        SupportedType, UrlSearchParams,
        wasm_bindgen::{JsCast as _, JsValue},
    };

    /// How long nothing must change before it is asked, in milliseconds.
    const QUIET: i32 = 150;

    /// A form that is followed.
    #[derive(Clone)]
    struct Followed {
        form: HtmlFormElement,
        turns: Rc<RefCell<Turns>>,
    }

    pub(super) fn follow(id: &str) {
        let form = document().get_element_by_id(id);
        if let Some(form) = form.and_then(|form| form.dyn_into().ok()) {
            let followed = Followed {
                form,
                turns: Rc::default(),
            };
            let target = followed.form.clone();
            dom::listen(&target, "input", move |_| followed.changed());
        }
        dom::say_alive();
    }

    impl Followed {
        fn changed(&self) {
            let change = self.turns.borrow_mut().changed();
            let own = self.clone();
            dom::after(QUIET, move || own.ask(change));
        }

        fn ask(&self, change: u32) {
            if !self.turns.borrow_mut().ask(change) {
                return;
            }
            let own = self.clone();
            spawn_local(async move {
                // Without an answer the page stays as it is.
                let answer = own.fetch().await.ok();
                if own.turns.borrow_mut().answered() {
                    if let Some(answer) = answer {
                        replace_regions(&answer);
                    }
                } else {
                    let newest = own.turns.borrow().changes;
                    own.ask(newest);
                }
            });
        }

        /// Sends the form, and reads the page that comes back.
        async fn fetch(&self) -> Result<Document, JsValue> {
            let fields = FormData::new_with_form(&self.form)?;
            let fields = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
            let request = RequestInit::new();
            request.set_method("POST");
            request.set_body(&fields);
            // Who does not ask for a page is told in a line of text.
            let headers = Headers::new()?;
            headers.set("accept", "text/html")?;
            request.set_headers(&headers);
            let address = self.form.get_attribute("data-preview").unwrap_or_default();
            let response = window()
                .fetch_with_str_and_init(&address, &request)
                .await?
                .unchecked_into::<Response>();
            let html = response.text()?.await?.as_string().unwrap_or_default();
            DomParser::new()?.parse_from_string(&html, SupportedType::TextHtml)
        }
    }

    fn replace_regions(answer: &Document) {
        let here = document();
        let focused = here.active_element();
        for region in dom::elements(here.query_selector_all("[data-region][id]")) {
            let in_use = region.contains(focused.as_deref());
            if let Some(fresh) = answer.get_element_by_id(&region.id())
                && !in_use
            {
                keep_open(&region, &fresh);
                drop(region.replace_with_with_node_1(&fresh));
            }
        }
    }

    /// What a person opened or closed stays so.
    fn keep_open(region: &Element, fresh: &Element) {
        for details in dom::elements(region.query_selector_all("details[id]")) {
            let same = fresh.query_selector(&format!("[id=\"{}\"]", details.id()));
            if let Ok(Some(same)) = same {
                drop(same.toggle_attribute_with_force("open", details.has_attribute("open")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[test]
    fn one_change_is_asked_about_once() {
        let mut turns = Turns::default();
        let change = turns.changed();
        assert!(turns.ask(change));
        assert!(!turns.ask(change));
        assert!(turns.answered());
    }

    #[test]
    fn of_changes_in_quick_succession_the_last_is_asked_about() {
        let mut turns = Turns::default();
        let (first, second) = (turns.changed(), turns.changed());
        assert!(!turns.ask(first));
        assert!(turns.ask(second));
    }

    #[test]
    fn a_change_while_an_answer_is_awaited_waits_and_makes_the_answer_old() {
        let mut turns = Turns::default();
        let first = turns.changed();
        assert!(turns.ask(first));
        let second = turns.changed();
        assert!(!turns.ask(second), "one request at a time");
        assert!(!turns.answered(), "the answer is about an older form");
        assert!(turns.ask(second));
        assert!(turns.answered());
    }
}
