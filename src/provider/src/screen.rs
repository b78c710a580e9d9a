//! What a person is shown, as data: whoever mounts the router draws it.

pub use crate::interaction::{
    AboutClient, AccountCreatedView, ConfirmLogoutView, Field, ForgotPasswordView, LINK_MINUTES,
    Mail, MailSentView, NewPasswordView, Notice, ProfileView, Refusal, RegistrationView,
    SHORTEST_PASSWORD, SignInMessage, SignInView,
};
use axum::response::{IntoResponse, Response};
use http::header;

/// Which addresses people open, so that whoever mounts the router knows them.
pub const PATHS: [&str; 7] = [
    "/{customer}/auth-ui/login",
    "/{customer}/auth-ui/registration",
    "/{customer}/auth-ui/account-created",
    "/{customer}/auth-ui/forgot-password",
    "/{customer}/auth-ui/reset-password",
    "/{customer}/auth-ui/profile",
    "/{customer}/auth-ui/logout",
];

/// One of Hosted Login's screens. As a response it is a short text and carries
/// this value as an extension, so that a real page can be put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// `signIn`.
    SignIn(Box<SignInView>),
    /// `traditionalRegistration`.
    Registration(Box<RegistrationView>),
    /// `registrationSuccess`.
    AccountCreated(Box<AccountCreatedView>),
    /// The address is asked for to which a mail is sent.
    ForgotPassword(Box<ForgotPasswordView>),
    /// It was sent.
    MailSent(Box<MailSentView>),
    /// Where the link in it leads.
    NewPassword(Box<NewPasswordView>),
    /// `manageProfile`.
    Profile(Box<ProfileView>),
    /// Whether to sign out.
    ConfirmLogout(Box<ConfirmLogoutView>),
    /// Nothing is asked.
    Notice(Notice),
}

impl Screen {
    /// The screen in a few words, Hosted Login's where they are known.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::SignIn(_) => "Sign in",
            Self::Registration(_) => "Create Account",
            Self::AccountCreated(_) => "Account Created",
            Self::ForgotPassword(_) | Self::MailSent(_) => "Password Reset",
            Self::NewPassword(_) => "New password",
            Self::Profile(_) => "Personal Data",
            Self::ConfirmLogout(_) => "Logout",
            Self::Notice(notice) => match notice {
                Notice::LoggedOut => "Logout Success",
                Notice::StillSignedIn => "Still signed in",
                Notice::PasswordChanged => "Password changed",
                Notice::Cancelled => "Sign-in cancelled",
            },
        }
    }

    /// Whether a form on it may be answered with a redirect to another site.
    /// Browsers that are told where forms may lead must not be told so here.
    #[must_use]
    pub const fn leads_away(&self) -> bool {
        match self {
            Self::SignIn(_)
            | Self::Registration(_)
            | Self::AccountCreated(_)
            | Self::ConfirmLogout(_) => true,
            Self::ForgotPassword(_)
            | Self::MailSent(_)
            | Self::NewPassword(_)
            | Self::Profile(_)
            | Self::Notice(_) => false,
        }
    }
}

impl IntoResponse for Screen {
    fn into_response(self) -> Response {
        let mut response = (
            [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            format!("{}\n", self.title()),
        )
            .into_response();
        response.extensions_mut().insert(self);
        response
    }
}
