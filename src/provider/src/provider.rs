//! The provider itself: what every endpoint shares.

use crate::{
    authorization::prompt::Prompt,
    client_auth::SecretBrake,
    endpoint::discovery::Documents,
    fault::Faults,
    grant_id::GrantIds,
    password::{Brake, PasswordError, Passwords},
    sandbox::SandboxLife,
    signing::{self, Keys, MakeKey, SigningError},
    token,
};
use oidc::{
    metadata::ProviderMetadata,
    response_type::{ResponseMode, ResponseType},
    signing_algorithm::SigningAlgorithm,
    time::{Clock, UnixTime},
    token::GrantType,
};
use policy::release::StandardScope;
use std::{fmt, sync::Arc};
use store::{ClientRefusal, Store, StoreError};

/// The largest request body that is read, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// How the provider is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Scheme, host and port as browsers see them. Every address the provider
    /// names begins with it; the `Host` header is never looked at.
    pub public_url: String,
    /// Whether the documented demo customer exists.
    pub demo: bool,
    /// Whether only this machine reaches the server: then everybody who does is
    /// the developer.
    pub loopback: bool,
    /// When sandboxes go.
    pub sandboxes: SandboxLife,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:3000".to_owned(),
            demo: false,
            loopback: false,
            sandboxes: SandboxLife::default(),
        }
    }
}

/// The provider. Cloning it is cheap; all clones are one.
#[derive(Clone)]
pub struct Provider(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) keys: Keys,
    pub(crate) faults: Faults,
    pub(crate) passwords: Passwords,
    pub(crate) brake: Brake,
    pub(crate) secrets: SecretBrake,
    pub(crate) discovery: Documents,
    grant_ids: GrantIds,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

/// Something outside the protocol failed.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password hash.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The signing key.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// A client cannot be kept as it should be.
    #[error("the client is not kept: {0}")]
    Client(#[from] ClientRefusal),
    /// A client names a policy, or a token a person, that does not exist.
    #[error("{0} is gone")]
    Dangling(&'static str),
}

/// The provider cannot start.
pub type OpenError = ProviderError;

impl Provider {
    /// Opens the provider on a store. Makes the deployment's signing keys when
    /// they are missing, and the demo customer when it is wanted.
    ///
    /// # Errors
    /// When the store fails or a kept key cannot be read.
    pub async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Result<Self, OpenError> {
        Self::open_with_keys(store, clock, settings, signing::generate_key).await
    }

    /// The same, with private keys from elsewhere: `make` returns the PKCS#8 form
    /// of one whenever a new one is needed, another every time. For tests, which
    /// must not make RSA keys; [`generate_key`](crate::generate_key) makes the
    /// others.
    ///
    /// # Errors
    /// When the store fails, or a key cannot be made or read.
    pub async fn open_with_keys(
        store: Store,
        clock: Arc<dyn Clock>,
        mut settings: Settings,
        make: impl Fn(SigningAlgorithm) -> Result<Vec<u8>, SigningError> + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let make: Arc<MakeKey> = Arc::new(make);
        let keys = Keys::open(store.clone(), Arc::clone(&clock), make).await?;
        settings
            .public_url
            .truncate(settings.public_url.trim_end_matches('/').len());
        let demo = settings.demo;
        let faults = Faults::new(store.clone(), Arc::clone(&clock));
        let provider = Self(Arc::new(Inner {
            store,
            clock,
            settings,
            keys,
            faults,
            passwords: Passwords::new(),
            brake: Brake::new(),
            secrets: SecretBrake::new(),
            discovery: Documents::default(),
            grant_ids: GrantIds::default(),
        }));
        if demo {
            provider.ensure_demo().await?;
        }
        Ok(provider)
    }

    /// Scheme, host and port as browsers see them, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.0.settings.public_url
    }

    /// Whether browsers come over https, so that cookies are bound to it.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    /// What every address of a customer begins with.
    #[must_use]
    pub fn base(&self, customer: &str) -> String {
        format!("{}/{customer}", self.public_url())
    }

    /// The customer's issuer identifier.
    #[must_use]
    pub fn issuer(&self, customer: &str) -> String {
        format!("{}/login", self.base(customer))
    }

    /// The customer's discovery document: what is implemented and nothing else.
    /// Whether clients may register themselves is not in it yet.
    /// [Discovery section 3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)
    #[must_use]
    pub fn metadata(&self, customer: &str) -> ProviderMetadata {
        let base = self.base(customer);
        let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        let mut claims = vec![
            "iss",
            "aud",
            "exp",
            "iat",
            "jti",
            "auth_time",
            "acr",
            "nonce",
            "sid",
            "at_hash",
            "c_hash",
            "global_sub",
        ];
        claims.extend(
            StandardScope::ALL
                .into_iter()
                .flat_map(StandardScope::claims),
        );
        ProviderMetadata {
            issuer: self.issuer(customer),
            authorization_endpoint: format!("{base}/login/authorize"),
            token_endpoint: format!("{base}/login/token"),
            introspection_endpoint: Some(format!("{base}/login/token/introspect")),
            revocation_endpoint: Some(format!("{base}/login/token/revoke")),
            userinfo_endpoint: format!("{base}/profiles/oidc/userinfo"),
            registration_endpoint: None,
            end_session_endpoint: Some(format!("{base}/login/end_session")),
            jwks_uri: format!("{base}/login/jwk"),
            scopes_supported: StandardScope::ALL
                .map(|scope| scope.as_str().to_owned())
                .into(),
            // What there is; a login policy may allow less, as a token policy
            // may allow fewer scopes.
            response_types_supported: ResponseType::ALL.map(|own| own.as_str().to_owned()).into(),
            response_modes_supported: ResponseMode::ALL.map(|own| own.as_str().to_owned()).into(),
            grant_types_supported: GrantType::ALL
                .map(GrantType::as_str)
                .into_iter()
                .chain(["implicit"])
                .map(str::to_owned)
                .collect(),
            subject_types_supported: list(&["public"]),
            id_token_signing_alg_values_supported: list(
                &SigningAlgorithm::ALL.map(SigningAlgorithm::as_str),
            ),
            token_endpoint_auth_methods_supported: list(&[
                "client_secret_basic",
                "client_secret_post",
                "none",
            ]),
            introspection_endpoint_auth_methods_supported: list(&[
                "client_secret_basic",
                "client_secret_post",
            ]),
            revocation_endpoint_auth_methods_supported: list(&[
                "client_secret_basic",
                "client_secret_post",
                "none",
            ]),
            claims_supported: list(&claims),
            code_challenge_methods_supported: list(&[oidc::pkce::S256]),
            prompt_values_supported: list(&Prompt::SUPPORTED),
            // One page serves them all; `wap` and others are taken and do nothing.
            display_values_supported: list(&["page", "popup", "touch"]),
            acr_values_supported: list(&[token::ACR]),
            ui_locales_supported: list(&["en"]),
            claims_parameter_supported: true,
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// A new grant's id.
    pub(crate) fn grant_id(&self) -> String {
        self.0.grant_ids.next(self.now())
    }

    pub(crate) fn now(&self) -> UnixTime {
        self.0.clock.now()
    }
}
