//! What every handler may reach.

use crate::{
    config::{OUTPUT_NAME, PublicUrl},
    limits::Limits,
};
use app::ssr::AppContext;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use oidc::time::Clock;
use std::{ops::Deref, path::Path, sync::Arc};
use store::Store;

/// The parts of the site, put together. Every layer and every handler has a
/// clone of its own for each request, so that cloning must cost nothing.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// What [`AppState`] leads to.
pub struct Parts {
    /// Where the built site is, for the pages' links to it.
    pub leptos: LeptosOptions,
    /// What pages are made from.
    pub context: AppContext,
    /// Where everything is kept.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where browsers reach the site.
    pub public_url: PublicUrl,
    /// How often everybody may ask; `None` as often as they like.
    pub limits: Option<Arc<Limits>>,
}

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Store {
    fn from_ref(state: &AppState) -> Self {
        state.store.clone()
    }
}

/// Tells leptos where the built site is.
///
/// Built for release, the names of its files carry a hash, which stands in
/// `hash.txt` beside the program. It is believed only when the files it names
/// are there, so that a forgotten one does no harm.
#[must_use]
pub fn leptos_options(site_root: &Path) -> LeptosOptions {
    // Only `cargo leptos watch` sets it.
    let reload_port = std::env::var("LEPTOS_RELOAD_PORT")
        .ok()
        .and_then(|port| port.parse().ok())
        .unwrap_or(3001);
    LeptosOptions::builder()
        .output_name(OUTPUT_NAME)
        .site_root(site_root.to_string_lossy())
        .site_pkg_dir("pkg")
        .hash_files(are_files_hashed(site_root))
        .reload_port(reload_port)
        .build()
}

fn are_files_hashed(site_root: &Path) -> bool {
    let hashes = std::env::current_exe()
        .ok()
        .and_then(|program| std::fs::read_to_string(program.with_file_name("hash.txt")).ok())
        .unwrap_or_default();
    hashes
        .lines()
        .filter_map(|line| line.split_once(':'))
        .filter(|(kind, _)| matches!(kind.trim(), "js" | "css"))
        .any(|(kind, hash)| {
            let file = format!("{OUTPUT_NAME}.{}.{}", hash.trim(), kind.trim());
            site_root.join("pkg").join(file).is_file()
        })
}
