//! Keeps what must not be forgotten, in SQLite.
//!
//! Invariants:
//! - It decides nothing: who may do what, and when something expires, is the
//!   caller's to say. The store compares times, it does not know the time.
//! - Whatever belongs to a customer is looked up together with the customer's
//!   id. No method crosses customers, and foreign keys see to it that no row does.
//! - Codes, tokens and the keys of sessions, interactions and sandboxes come in
//!   as plain text and are kept as SHA-256. All of them are long and random, so
//!   that a hash without salt is enough. Client secrets, signing keys and the
//!   bodies of runs and records stay readable; on Unix a new file is for its
//!   owner only.
//! - Not found is `None` or `false`, never an error.
//!
//! # What survives
//!
//! A write that was answered with success is in the write-ahead log, and thus
//! with the operating system. A process that is killed takes nothing of it
//! along: for that alone `synchronous = NORMAL` would do, which flushes the disk
//! only now and then. A power cut is another matter. With NORMAL it takes the
//! last commits since such a flush, and with them the knowledge that a code was
//! used or a token revoked. So the store uses `synchronous = FULL`: every commit
//! waits until the disk has it, and a power cut takes only what was not
//! acknowledged, unless the disk itself lies about flushing. Neither damages the
//! file.
//!
//! The price is one flush per commit: 35 µs more where this was measured (a
//! virtual disk, 7 against 41 µs in the median), a few milliseconds on a plain
//! disk. A login commits fewer than ten times, so that nobody notices, and who
//! writes at the same moment as others is committed together with them: see
//! `writer.rs`.
//!
//! What was deleted is overwritten with zeros (`secure_delete`), because bodies
//! of runs and records hold tokens. Until the log is next written over, older bytes may
//! stay in it.
//!
//! # What is remembered
//!
//! Customers, clients, policies and people are kept in memory for a second
//! (`cache.rs`). Whoever reads after a write was acknowledged finds what was
//! written. Only when several programs use one file may one of them be a second
//! late to see what another changed there; codes, tokens, sessions and all else
//! that is used up is never remembered.
//!
//! # Reading on
//!
//! Start at [`Store::open`], then read [`Store::redeem_code`], the one place
//! where two requests race for something.
//!
//! ```
//! use oidc::time::UnixTime;
//! use store::{Customer, CustomerKind, NewCustomer, Store};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), store::StoreError> {
//! let store = Store::open("sqlite::memory:").await?;
//! let customer = Customer {
//!     id: "11111111-1111-4111-8111-111111111111".to_owned(),
//!     kind: CustomerKind::Sandbox,
//!     name: None,
//!     registration: false,
//!     one_click: false,
//!     created_at: UnixTime(1_800_000_000),
//!     last_used_at: UnixTime(1_800_000_000),
//! };
//! let new = NewCustomer {
//!     customer: &customer,
//!     key: Some("the visitor's key"),
//!     token_policies: &[],
//!     login_policies: &[],
//!     clients: &[],
//!     people: &[],
//! };
//! assert!(store.insert_customer(&new).await?);
//! assert_eq!(store.customer_by_key("the visitor's key").await?, Some(customer));
//! # Ok(())
//! # }
//! ```

mod cache;
mod caps;
mod clients;
mod codes;
mod customers;
mod deletion;
mod digest;
mod error;
mod faults;
mod fixtures;
mod interactions;
mod login;
mod login_policies;
mod open;
mod password_resets;
mod people;
mod reader;
mod records;
mod row;
mod runs;
mod sandboxes;
mod seeds;
mod sessions;
mod signing_keys;
mod sweep;
mod token_policies;
mod tokens;
mod writer;

pub use caps::Capped;
pub use clients::{ClientRefusal, Registration};
pub use codes::Code;
pub use customers::{Customer, CustomerKind, NewCustomer};
pub use deletion::Deletion;
pub use error::StoreError;
pub use faults::{Hit, KeptFault};
pub use fixtures::Snapshot;
pub use interactions::{Interaction, LogoutRequest, Pending};
pub use login::Login;
pub use open::Store;
pub use people::Credentials;
pub use records::Record;
pub use runs::{RunStatus, StoredRun};
pub use sessions::Session;
pub use signing_keys::{Rotation, SigningKey};
pub use sweep::Swept;
pub use tokens::{Token, TokenKind};
