//! The relying party against providers that answer from a script.

mod administration;
mod flow;
mod guard;
mod hostile;
mod id_token;
mod script;
