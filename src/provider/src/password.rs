//! People's passwords: slow hashes on a small pool, and a brake.

use crate::{client_address::ClientAddress, hex, random, tally::Tally};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString},
};
use oidc::time::UnixTime;
use sha2::{Digest as _, Sha256};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
pub(crate) const LONGEST: usize = 1024;

/// How many hashes are worked on at once.
const AT_ONCE: usize = 2;

/// How much memory a hash takes, in KiB: eight mebibytes, and one pass. Seeded
/// people have no secrets worth more.
const MEMORY: u32 = 8192;
/// The same in blocks of argon2, which have 1 KiB.
const BLOCKS: usize = MEMORY as usize;

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(MEMORY, 1, 1, None).map_err(|_| PasswordError)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes and verifies, never more than [`AT_ONCE`] at a time, so that a flood
/// of sign-ins leaves the token endpoint alone.
pub(crate) struct Passwords {
    permits: Arc<Semaphore>,
    memory: Arc<Memory>,
}

/// Leave to work, for as long as it is kept.
pub(crate) struct Turn {
    permit: Arc<OwnedSemaphorePermit>,
    memory: Arc<Memory>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            memory: Arc::default(),
        }
    }

    /// Waits until there is leave to work.
    pub(crate) async fn turn(&self) -> Result<Turn, PasswordError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        Ok(Turn {
            permit: Arc::new(permit.map_err(|_| PasswordError)?),
            memory: Arc::clone(&self.memory),
        })
    }

    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.turn().await?.hash(password).await
    }
}

impl Turn {
    /// The hash of a password, in PHC form.
    pub(crate) async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.work(move |memory| hashed(&password, memory)).await
    }

    /// The work keeps the turn too: it goes on when nobody waits for it any
    /// more, because the browser hung up.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut [Block]) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = Arc::clone(&self.permit);
        let memory = Arc::clone(&self.memory);
        tokio::task::spawn_blocking(move || {
            let done = memory.lend(work);
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
        self.work(move |memory| {
            let known = hash.is_some();
            let text = hash.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&text).map_err(|_| PasswordError)?;
            let right = belongs(&hash, &password, memory).unwrap_or(false);
            Ok(known && right)
        })
        .await
    }
}

/// The memory that hashing takes, kept once it was used. Freed each time, it
/// would stay with the allocator: once for each thread that ever hashed.
#[derive(Default)]
struct Memory(Mutex<Vec<Vec<Block>>>);

impl Memory {
    /// Works with memory that is nobody else's meanwhile. What it holds is left
    /// over from others, which argon2 does not read before it is overwritten.
    fn lend<T>(&self, work: impl FnOnce(&mut [Block]) -> T) -> T {
        let free = self.lock().pop();
        let mut blocks = free.unwrap_or_else(|| vec![Block::default(); BLOCKS]);
        let done = work(&mut blocks);
        self.lock().push(blocks);
        done
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hash of a password with new salt, in PHC form.
fn hashed(password: &str, memory: &mut [Block]) -> Result<String, PasswordError> {
    let argon2 = argon2()?;
    let salt = random::bytes::<16>();
    let output = Output::init_with(Params::DEFAULT_OUTPUT_LEN, |output| {
        let hashing =
            argon2.hash_password_into_with_memory(password.as_bytes(), &salt, output, &mut *memory);
        Ok(hashing?)
    });
    let salt = SaltString::encode_b64(&salt).map_err(|_| PasswordError)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(|_| PasswordError)?,
        salt: Some(salt.as_salt()),
        hash: Some(output.map_err(|_| PasswordError)?),
    };
    Ok(hash.to_string())
}

/// Whether the password belongs to the hash, which may have been made elsewhere
/// with other parameters.
fn belongs(
    hash: &PasswordHash<'_>,
    password: &str,
    memory: &mut [Block],
) -> Result<bool, argon2::password_hash::Error> {
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Ok(false);
    };
    let mut salt_bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut salt_bytes)?;
    let version = hash.version.map(Version::try_from).transpose()?;
    let params = Params::try_from(hash)?;
    let mut larger = Vec::new();
    let memory = if params.block_count() > memory.len() {
        larger.resize(params.block_count(), Block::default());
        &mut larger[..]
    } else {
        memory
    };
    let algorithm = Algorithm::try_from(hash.algorithm)?;
    let argon2 = Argon2::new(algorithm, version.unwrap_or_default(), params);
    let output = Output::init_with(expected.len(), |output| {
        Ok(argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, memory)?)
    })?;
    // Compared in constant time.
    Ok(output == expected)
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
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

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

    /// Lends no memory and reads none, so that what is ours is held against it.
    fn library(algorithm: Algorithm, params: Params) -> Argon2<'static> {
        Argon2::new(algorithm, Version::V0x13, params)
    }

    #[tokio::test]
    async fn hashes_are_argon2id_as_the_library_makes_it() {
        let passwords = Passwords::new();
        for password in ["first", "second", ""] {
            let text = passwords.hash(password.to_owned()).await.unwrap();
            assert!(text.starts_with("$argon2id$v=19$m=8192,t=1,p=1$"), "{text}");
            let hash = PasswordHash::new(&text).unwrap();
            let library = library(Algorithm::Argon2d, Params::DEFAULT);
            library.verify_password(password.as_bytes(), &hash).unwrap();
            assert!(library.verify_password(b"another", &hash).is_err());
        }
    }

    #[tokio::test]
    async fn hashes_made_elsewhere_with_other_parameters_are_compared() {
        let passwords = Passwords::new();
        let salt = SaltString::encode_b64(b"salt of somebody").unwrap();
        for (algorithm, memory, passes, lanes, length) in [
            (Algorithm::Argon2id, 64, 3, 1, 32),
            (Algorithm::Argon2i, 19 * 1024, 1, 1, 32),
            (Algorithm::Argon2d, 8190, 2, 2, 16),
        ] {
            let params = Params::new(memory, passes, lanes, Some(length)).unwrap();
            let library = library(algorithm, params);
            let hash = library.hash_password(b"right", &salt).unwrap().to_string();
            for (password, right) in [("wrong", false), ("right", true), ("wrong", false)] {
                let turn = passwords.turn().await.unwrap();
                let verified = turn.verify(Some(hash.clone()), password.to_owned()).await;
                assert_eq!(verified, Ok(right), "{hash}");
            }
        }
    }

    #[tokio::test]
    async fn a_hash_that_cannot_be_computed_belongs_to_nobody() {
        let passwords = Passwords::new();
        for hash in [
            "$argon2id$v=19$m=8192,t=1,p=1$bm9ib2R5J3Mgc2FsdA",
            "$argon2id$v=18$m=64,t=1,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=0,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2x$v=19$m=64,t=1,p=1$bm9ib2R5J3Mgc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            let turn = passwords.turn().await.unwrap();
            let verified = turn.verify(Some(hash.to_owned()), "x".to_owned()).await;
            assert_eq!(verified, Ok(false), "{hash}");
        }
    }

    #[tokio::test]
    async fn a_crowd_takes_no_more_memory_than_work_at_once() {
        let passwords = Arc::new(Passwords::new());
        let crowd: Vec<_> = (0..10)
            .map(|number| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.hash(number.to_string()).await })
            })
            .collect();
        for one in crowd {
            one.await.unwrap().unwrap();
        }
        let kept = passwords.memory.lock().len();
        assert!((1..=AT_ONCE).contains(&kept), "{kept}");
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
