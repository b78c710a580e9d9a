//! Asking the person: what the screens show and what their forms do.
//!
//! An address that shows something answers with a [`Screen`], a form with a
//! redirect, or with its [`Screen`] again and what is wrong with it. What waits
//! meanwhile is in the store, [bound](waiting) to the browser it began in.
//!
//! [`Screen`]: crate::screen::Screen

pub(crate) mod account_created;
mod answered;
mod field;
pub(crate) mod forgot_password;
mod form;
pub(crate) mod logout;
pub(crate) mod new_password;
mod notice;
pub(crate) mod profile;
pub(crate) mod registration;
mod session;
pub(crate) mod sign_in;
mod waiting;

pub use account_created::AccountCreatedView;
pub use field::{Field, SHORTEST_PASSWORD};
pub use forgot_password::{ForgotPasswordView, LINK_MINUTES, Mail, MailSentView};
pub use logout::ConfirmLogoutView;
pub(crate) use logout::signed_out;
pub use new_password::NewPasswordView;
pub use notice::Notice;
pub use profile::ProfileView;
pub use registration::{Refusal, RegistrationView};
pub(crate) use session::SignedIn;
pub use sign_in::{AboutClient, SignInMessage, SignInView};
