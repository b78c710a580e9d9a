//! People's passwords: slow hashes on a small pool, and a brake.

use crate::{client_address::ClientAddress, hex, random, tally::Tally};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use oidc::time::UnixTime;
use sha2::{Digest as _, Sha256};
use std::{net::IpAddr, sync::Arc};
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
pub(crate) const LONGEST: usize = 1024;

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
        self.turn().await?.hash(password).await
    }
}

impl Turn {
    /// The hash of a password.
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
const PER_ACCOUNT: u32 = 10;
/// Wrong passwords per address and minute, over all accounts: nobody types that
/// many, and a classroom behind one address does not either.
const PER_ADDRESS: u32 = 100;

/// Counts wrong passwords, per account and per address. Nothing locks for longer
/// than a minute, and memory is bounded.
///
/// To be asked and told within one [`Turn`]: then a crowd of right passwords is
/// not taken for wrong ones while it waits, and a crowd of guesses gets no more
/// than [`AT_ONCE`] - 1 beyond what is allowed.
pub(crate) struct Brake {
    accounts: Tally<String>,
    addresses: Tally<IpAddr>,
}

/// Whose password somebody tries, and from where if that is known.
pub(crate) struct Guess {
    account: String,
    address: Option<IpAddr>,
}

impl Guess {
    /// A guess at the password of somebody at a customer.
    pub(crate) fn new(customer: &str, login: &str, from: Option<ClientAddress>) -> Self {
        // Not the login itself: a long one must not fill the memory.
        let account = format!("{customer}\0{}", login.to_ascii_lowercase());
        Self {
            account: hex::encode(&Sha256::digest(account)),
            address: from.map(ClientAddress::subscriber),
        }
    }

    /// A mail asked for in somebody's name. Counted apart from passwords, so
    /// that nobody keeps others from signing in by it.
    pub(crate) fn at_a_reset(customer: &str, email: &str, from: Option<ClientAddress>) -> Self {
        Self::new(&format!("{customer}\0reset"), email, from)
    }
}

impl Brake {
    pub(crate) fn new() -> Self {
        Self {
            accounts: Tally::new(PER_ACCOUNT),
            addresses: Tally::new(PER_ADDRESS),
        }
    }

    /// Whether the guess may be looked at.
    pub(crate) fn admits(&self, guess: &Guess, now: UnixTime) -> bool {
        self.accounts.admits(&guess.account, now)
            && guess
                .address
                .is_none_or(|address| self.addresses.admits(&address, now))
    }

    /// The guess was wrong.
    pub(crate) fn count(&self, guess: Guess, now: UnixTime) {
        self.accounts.count(guess.account, now);
        if let Some(address) = guess.address {
            self.addresses.count(address, now);
        }
    }

    /// Whether something else that must not be tried for ever may be tried from
    /// this address. Where nobody knows from where, it may.
    pub(crate) fn admits_address(&self, from: Option<ClientAddress>, now: UnixTime) -> bool {
        from.is_none_or(|from| self.addresses.admits(&from.subscriber(), now))
    }

    /// It was tried.
    pub(crate) fn count_address(&self, from: Option<ClientAddress>, now: UnixTime) {
        if let Some(from) = from {
            self.addresses.count(from.subscriber(), now);
        }
    }

    /// The guess was right. The address stays counted: whoever has an account
    /// could else guess at all others for as long as they like.
    pub(crate) fn forget(&self, guess: &Guess) {
        self.accounts.forget(&guess.account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::WINDOW;

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

    const NOW: UnixTime = UnixTime(1_000);

    fn guess(login: &str, from: Option<u8>) -> Guess {
        let from = from.map(|last| ClientAddress([192, 0, 2, last].into()));
        Guess::new("customer", login, from)
    }

    #[test]
    fn the_brake_loosens_after_a_minute() {
        let brake = Brake::new();
        let (alice, bo) = (|| guess("alice", None), guess("bo", None));
        for _ in 0..PER_ACCOUNT {
            assert!(brake.admits(&alice(), NOW));
            brake.count(alice(), NOW);
        }
        assert!(!brake.admits(&alice(), NOW));
        assert!(!brake.admits(&guess("ALICE", Some(1)), NOW));
        assert!(brake.admits(&bo, NOW));
        let later = NOW.plus(WINDOW);
        assert!(brake.admits(&alice(), later));
        brake.count(alice(), later);
        assert!(brake.admits(&alice(), later));
        for _ in 1..PER_ACCOUNT {
            brake.count(alice(), later);
        }
        assert!(!brake.admits(&alice(), later));
        brake.forget(&alice());
        assert!(brake.admits(&alice(), later));
    }

    #[test]
    fn one_address_may_not_try_all_accounts() {
        let brake = Brake::new();
        for number in 0..PER_ADDRESS {
            let one = guess(&number.to_string(), Some(1));
            assert!(brake.admits(&one, NOW));
            brake.count(one, NOW);
        }
        assert!(!brake.admits(&guess("bo", Some(1)), NOW));
        assert!(brake.admits(&guess("bo", Some(2)), NOW));
        assert!(brake.admits(&guess("bo", None), NOW));
        // An account of one's own does not buy new guesses.
        brake.forget(&guess("mine", Some(1)));
        assert!(!brake.admits(&guess("bo", Some(1)), NOW));
        assert!(brake.admits(&guess("bo", Some(1)), NOW.plus(WINDOW)));
    }
}
