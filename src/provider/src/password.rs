//! People's passwords: slow hashes on a small pool, and a brake.

use crate::random;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use oidc::time::UnixTime;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// A password could not be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct PasswordError;

/// What unknown people's passwords are compared with, so that the answer takes
/// as long as for known ones: a hash of the same cost that nothing belongs to.
const NOBODY: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Longer passwords are wrong without being hashed.
const LONGEST: usize = 1024;

/// How many hashes are worked on at once.
const AT_ONCE: usize = 2;

/// Eight mebibytes and one pass: seeded people have no secrets worth more.
fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(8192, 1, 1, None).map_err(|_| PasswordError)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes and verifies, never more than [`AT_ONCE`] at a time, so that a flood
/// of sign-ins leaves the token endpoint alone.
pub(crate) struct Passwords(Semaphore);

impl Passwords {
    pub(crate) const fn new() -> Self {
        Self(Semaphore::const_new(AT_ONCE))
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _permit = self.0.acquire().await.map_err(|_| PasswordError)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| PasswordError)?
    }

    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.work(move || {
            let salt = SaltString::encode_b64(&random::bytes::<16>()).map_err(|_| PasswordError)?;
            let hash = argon2()?
                .hash_password(password.as_bytes(), &salt)
                .map_err(|_| PasswordError)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password belongs to the hash; `false` after equal work when
    /// there is no such person.
    pub(crate) async fn verify(
        &self,
        hash: Option<String>,
        password: String,
    ) -> Result<bool, PasswordError> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        self.work(move || {
            let known = hash.is_some();
            let text = hash.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&text).map_err(|_| PasswordError)?;
            let right = argon2()?
                .verify_password(password.as_bytes(), &hash)
                .is_ok();
            Ok(known && right)
        })
        .await
    }
}

/// Wrong passwords per account and minute, whether the account exists or not.
const ATTEMPTS: u32 = 10;
/// The minute, in seconds.
const WINDOW: i64 = 60;
/// How many accounts are remembered.
const REMEMBERED: usize = 10_000;

/// Counts wrong passwords. Nothing locks for longer than [`WINDOW`], and memory
/// is bounded: when it is full, everything is forgotten.
#[derive(Default)]
pub(crate) struct Brake(Mutex<HashMap<String, Attempts>>);

struct Attempts {
    wrong: u32,
    since: UnixTime,
}

impl Brake {
    /// Counts an attempt that is about to be made; `false` when it is one too
    /// many. Counted before the work, so that parallel attempts count too.
    pub(crate) fn admit(&self, account: &str, now: UnixTime) -> bool {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= REMEMBERED {
            accounts.retain(|_, attempts| now.since(attempts.since) < WINDOW);
            if accounts.len() >= REMEMBERED {
                accounts.clear();
            }
        }
        let attempts = accounts.entry(account.to_owned()).or_insert(Attempts {
            wrong: 0,
            since: now,
        });
        if now.since(attempts.since) >= WINDOW {
            *attempts = Attempts {
                wrong: 0,
                since: now,
            };
        }
        attempts.wrong = attempts.wrong.saturating_add(1);
        attempts.wrong <= ATTEMPTS
    }

    /// The attempt was right after all.
    pub(crate) fn forget(&self, account: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_person_is_right() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct".to_owned()).await.unwrap();
        let verify = |hash: Option<&str>, password: &str| {
            passwords.verify(hash.map(str::to_owned), password.to_owned())
        };
        assert_eq!(verify(Some(&hash), "correct").await, Ok(true));
        assert_eq!(verify(Some(&hash), "wrong").await, Ok(false));
        assert_eq!(verify(None, "correct").await, Ok(false));
        assert_eq!(verify(Some(&hash), &"x".repeat(2000)).await, Ok(false));
    }

    #[test]
    fn the_hash_of_nobody_costs_as_much_as_any_other() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&hash).unwrap();
        assert_eq!(params.m_cost(), argon2().unwrap().params().m_cost());
        assert_eq!(params.t_cost(), argon2().unwrap().params().t_cost());
        assert_eq!(hash.hash.map(|output| output.len()), Some(32));
    }

    #[test]
    fn the_brake_loosens_after_a_minute() {
        let brake = Brake::default();
        let now = UnixTime(1_000);
        for _ in 0..ATTEMPTS {
            assert!(brake.admit("alice", now));
        }
        assert!(!brake.admit("alice", now));
        assert!(brake.admit("bo", now));
        assert!(brake.admit("alice", now.plus(WINDOW)));
    }
}
