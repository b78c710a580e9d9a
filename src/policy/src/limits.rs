//! How much one customer may have, so that a public sandbox does not grow
//! without limit.
// Inferred: the documents name no limits; these are far above any lesson's need.

/// Token policies of a customer.
pub const TOKEN_POLICIES: usize = 200;
/// Login policies of a customer.
pub const LOGIN_POLICIES: usize = 200;
/// Clients of a customer, however they came.
pub const CLIENTS: usize = 200;
/// People of a customer, however they came.
pub const PEOPLE: usize = 1000;
/// Faults of a customer, those that have happened as often as they should
/// among them.
pub const FAULTS: usize = 50;
