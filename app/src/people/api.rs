//! Loads people.

use crate::{
    clients::api::load_change,
    problem::{NextStep, Problem},
    ssr,
};
use oidc::time::UnixTime;
use playground::{Change, Kept, SandboxView};
use policy::profile::Person;

/// What the pages of people are made of.
pub struct People {
    /// The sandbox with its people.
    pub sandbox: SandboxView,
    /// The change that led here, if one did.
    pub change: Option<Kept<Change>>,
    /// What time it is: what is verified now is verified then.
    pub now: UnixTime,
}

/// The people of the visitor's sandbox.
pub(super) async fn load_people(change: Option<String>) -> Result<People, Problem> {
    let (context, key) = ssr::visitor()?;
    Ok(People {
        sandbox: context.playground.sandbox(&key).await?,
        change: load_change(change).await?,
        now: context.playground.now(),
    })
}

/// A person's version, as `ETag` names it.
#[must_use]
pub fn version(sandbox: &SandboxView, person: &Person) -> String {
    provider::versions::person(&sandbox.customer_id, person)
}

/// What people call somebody: a name, or else the e-mail address.
#[must_use]
pub fn name(person: &Person) -> String {
    let name = person.profile.full_name();
    if name.is_empty() {
        person.profile.email.clone()
    } else {
        name
    }
}

/// Nobody of the visitor's has this UUID.
#[must_use]
pub fn no_such_person() -> Problem {
    Problem::new(
        404,
        "person-unknown",
        "Your sandbox has no such person",
        "They were deleted, the sandbox was reset, or the address belongs to somebody else's sandbox.",
    )
    .first_step(NextStep::new("See the people you have", "/people"))
}
