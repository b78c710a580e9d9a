//! People's passwords: slow hashes on a small pool, and a brake.

use crate::random;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use oidc::time::UnixTime;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
pub(crate) struct Passwords(Arc<Semaphore>);

/// Leave to work, for as long as it is kept.
pub(crate) struct Turn(Arc<OwnedSemaphorePermit>);

impl Passwords {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// Waits until there is leave to work.
    pub(crate) async fn turn(&self) -> Result<Turn, PasswordError> {
        let permit = Arc::clone(&self.0).acquire_owned().await;
        permit
            .map(|permit| Turn(Arc::new(permit)))
            .map_err(|_| PasswordError)
    }

    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        let work = move || {
            let salt = SaltString::encode_b64(&random::bytes::<16>()).map_err(|_| PasswordError)?;
            let hash = argon2()?
                .hash_password(password.as_bytes(), &salt)
                .map_err(|_| PasswordError)?;
            Ok(hash.to_string())
        };
        self.turn().await?.work(work).await
    }
}

impl Turn {
    /// The work keeps the turn too: it goes on when nobody waits for it any
    /// more, because the browser hung up.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|_| PasswordError)?
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
///
/// To be asked and told within one [`Turn`]: then a crowd of right passwords is
/// not taken for wrong ones while it waits, and a crowd of guesses gets no more
/// than [`AT_ONCE`] - 1 beyond [`ATTEMPTS`].
#[derive(Default)]
pub(crate) struct Brake(Mutex<HashMap<String, Attempts>>);

struct Attempts {
    wrong: u32,
    since: UnixTime,
}

impl Brake {
    /// Whether another attempt may be made.
    pub(crate) fn admits(&self, account: &str, now: UnixTime) -> bool {
        let accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accounts
            .get(account)
            .is_none_or(|attempts| attempts.wrong < ATTEMPTS || now.since(attempts.since) >= WINDOW)
    }

    /// The attempt was wrong.
    pub(crate) fn count(&self, account: &str, now: UnixTime) {
        let mut accounts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= REMEMBERED {
            accounts.retain(|_, attempts| now.since(attempts.since) < WINDOW);
            if accounts.len() >= REMEMBERED {
                accounts.clear();
            }
        }
        let fresh = || Attempts {
            wrong: 0,
            since: now,
        };
        let attempts = accounts.entry(account.to_owned()).or_insert_with(fresh);
        if now.since(attempts.since) >= WINDOW {
            *attempts = fresh();
        }
        attempts.wrong = attempts.wrong.saturating_add(1);
    }

    /// The attempt was right.
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
        let verify = async |hash: Option<&str>, password: &str| {
            let turn = passwords.turn().await?;
            turn.verify(hash.map(str::to_owned), password.to_owned())
                .await
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
            assert!(brake.admits("alice", now));
            brake.count("alice", now);
        }
        assert!(!brake.admits("alice", now));
        assert!(brake.admits("bo", now));
        let later = now.plus(WINDOW);
        assert!(brake.admits("alice", later));
        brake.count("alice", later);
        assert!(brake.admits("alice", later));
        for _ in 1..ATTEMPTS {
            brake.count("alice", later);
        }
        assert!(!brake.admits("alice", later));
        brake.forget("alice");
        assert!(brake.admits("alice", later));
    }
}
