//! Customers that a team keeps in a file of its repository.
//!
//! A file is JSON or TOML and says of each customer what the configuration API
//! would be told: the members of token policies, login policies, clients and
//! people are those of its bodies, with the same defaults and limits.
//! [`schema`] is the JSON Schema of the file.
//!
//! ```
//! use provider::fixture::{Fixture, Format};
//!
//! let fixture = Fixture::parse(
//!     r#"
//!     [[customers]]
//!     name = "Shop"
//!
//!     [[customers.tokenPolicies]]
//!     title = "Everything"
//!
//!     [[customers.loginPolicies]]
//!     title = "Hosted Login"
//!
//!     [[customers.clients]]
//!     name = "Web shop"
//!     type = "public"
//!     redirectURIs = ["http://localhost:8080/callback"]
//!     tokenPolicy = "Everything"
//!     loginPolicy = "Hosted Login"
//!
//!     [[customers.people]]
//!     email = "ada@example.com"
//!     password = "lovelace"
//!     "#,
//!     Format::Toml,
//!     "http://127.0.0.1:3000",
//! )?;
//! let shop = &fixture.customers[0];
//! // What has no id gets one that follows from its name.
//! assert_eq!(shop.clients[0].token_policy, shop.token_policies[0].id);
//! # Ok::<(), provider::fixture::FixtureError>(())
//! ```
//!
//! # What is beyond the configuration API
//!
//! - `name` of a customer. Its `id`, and the ids of everything in it, may be
//!   left out: they follow from the names, titles and e-mail addresses, and are
//!   the same on every machine. Renaming something makes it another thing.
//! - Clients name their policies by id or by title, and a confidential client
//!   says its `secret`.
//! - A login policy has its `allowedResponseTypes` and `pushClaims` in it, and
//!   its `identityStoreDetails` may be left out.
//! - A person has a `password` in plain text, or the `passwordHash` an export
//!   wrote. `emailVerified: true` and a `lastUpdated` that is left out are a
//!   fixed moment, since a file has no clock.
//! - `registration` lets clients register themselves, `oneClick` (on unless
//!   said otherwise) puts everybody on the sign-in page while only this machine
//!   reaches the server.
//!
//! # What loading does
//!
//! [`Provider::load`](crate::Provider::load) makes the customers of the files
//! the only loaded ones, each exactly as its file says, in one transaction: what
//! was changed since over the configuration API is undone, and a customer whose
//! file is no longer given goes. Clients and people that are still there keep
//! their sessions and tokens. Loading twice changes nothing.

mod load;
mod read;
mod schema;
mod source;
mod unknown;
mod write;

pub use load::{LoadError, export};
pub use schema::schema;

use crate::seed::{DEMO_CUSTOMER, Seed};
use policy::{
    client::Client, login_policy::LoginPolicy, profile::Person, token_policy::TokenPolicy,
};
use source::Source;
use std::fmt;
use store::{CustomerKind, Snapshot};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)
    Json,
    /// [TOML 1.1](https://toml.io/en/v1.1.0)
    Toml,
}

/// What a file says, with every id, default and reference filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixture {
    /// The customers in the order of the file.
    pub customers: Vec<FixtureCustomer>,
}

/// One customer of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixtureCustomer {
    /// A UUID, the first segment of its addresses.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether clients may register themselves.
    pub registration: bool,
    /// Whether everybody can be signed in as with one click, on loopback.
    pub one_click: bool,
    /// Its token policies.
    pub token_policies: Vec<TokenPolicy>,
    /// Its login policies.
    pub login_policies: Vec<LoginPolicy>,
    /// Its clients, with their secrets.
    pub clients: Vec<Client>,
    /// Its people.
    pub people: Vec<FixturePerson>,
}

/// A person of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixturePerson {
    /// The person.
    pub person: Person,
    /// What they sign in with.
    pub password: Password,
}

/// What a person signs in with. Its `Debug` form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub enum Password {
    /// In plain text, to be hashed when it is loaded.
    Plain(String),
    /// The hash, in the words of `argon2`.
    Hash(String),
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain(…)",
            Self::Hash(_) => "Hash(…)",
        })
    }
}

/// Why a file says nothing that could be loaded: `line 3,
/// customers[0].name: field required`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixtureError {
    /// Where in the file, counted from 1.
    pub line: Option<usize>,
    /// Which member: `customers[0].clients[1].redirectURIs[0]`. Empty when the
    /// text is not JSON or TOML in the first place.
    pub place: String,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for FixtureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            f.write_str(if self.place.is_empty() { ": " } else { ", " })?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for FixtureError {}

/// A value that JSON can say and TOML cannot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("TOML cannot say all of it ({0}): use JSON")]
pub struct PrintError(String);

impl Fixture {
    /// Reads a file. Below `public_url`, where this deployment is reached, any
    /// redirect URI is taken.
    ///
    /// # Errors
    /// Names the first thing that cannot be loaded, and its line.
    pub fn parse(text: &str, format: Format, public_url: &str) -> Result<Self, FixtureError> {
        let source = match format {
            Format::Json => Source::json(text)?,
            Format::Toml => Source::toml(text)?,
        };
        read::fixture(&source.value, public_url).map_err(|error| source.locate(&error))
    }

    /// Writes a file that reads back as this, with a line break at its end.
    ///
    /// # Errors
    /// When TOML has no words for an attribute of a person: `null`, or a number
    /// beyond 64 bits.
    pub fn print(&self, format: Format) -> Result<String, PrintError> {
        let value = write::value(self);
        match format {
            Format::Json => serde_json::to_string_pretty(&value)
                .map(|text| text + "\n")
                .map_err(|error| PrintError(error.to_string())),
            Format::Toml => {
                toml::to_string_pretty(&value).map_err(|error| PrintError(error.to_string()))
            }
        }
    }

    /// The file that loads a customer as it begins, with the password in plain
    /// text.
    #[must_use]
    pub fn of_seed(seed: Seed) -> Self {
        let Seed {
            customer_id: id,
            token_policies,
            login_policies,
            clients,
            people,
            password,
        } = seed;
        let people = people.into_iter().map(|person| FixturePerson {
            person,
            password: Password::Plain(password.clone()),
        });
        Self {
            customers: vec![FixtureCustomer {
                id,
                name: unnamed(CustomerKind::Sandbox).to_owned(),
                registration: false,
                one_click: true,
                token_policies,
                login_policies,
                clients,
                people: people.collect(),
            }],
        }
    }

    /// The file that loads a customer as it is now. Clients that registered
    /// themselves are not in it. A copy of the demo customer gets an id of its
    /// own, because the demo is there anyway.
    #[must_use]
    pub fn of(snapshot: Snapshot) -> Self {
        let Snapshot {
            customer,
            token_policies,
            login_policies,
            clients,
            people,
        } = snapshot;
        let demo = customer.id == DEMO_CUSTOMER;
        let name = customer
            .name
            .unwrap_or_else(|| unnamed(customer.kind).to_owned());
        let people = people.into_iter().map(|known| FixturePerson {
            person: known.person,
            password: Password::Hash(known.password_hash),
        });
        Self {
            customers: vec![FixtureCustomer {
                id: if demo {
                    read::derived(&["customer", &name])
                } else {
                    customer.id
                },
                name,
                registration: customer.registration,
                one_click: customer.one_click || customer.kind != CustomerKind::Fixture,
                token_policies,
                login_policies,
                clients,
                people: people.collect(),
            }],
        }
    }
}

/// What a customer is called in a file that had no name until then.
const fn unnamed(kind: CustomerKind) -> &'static str {
    match kind {
        CustomerKind::Demo => "Demo",
        CustomerKind::Sandbox => "Sandbox",
        CustomerKind::Fixture => "Fixture",
    }
}

#[cfg(test)]
mod tests;
