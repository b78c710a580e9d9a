//! `load signing`: what the cryptography library alone can do, which no server
//! that signs with it can exceed.

use crate::{cli::SigningOptions, process, profile::Algorithm};
use anyhow::anyhow;
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256},
};
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

/// As long as the signed part of an access token.
const MESSAGE: [u8; 500] = [b'a'; 500];

/// Prints the rates.
pub(crate) fn run(options: &SigningOptions) -> anyhow::Result<bool> {
    for (algorithm, rate) in rates(Duration::from_secs(options.seconds.into()))? {
        println!("{:<6} {rate:.0} signatures per second", algorithm.as_str());
    }
    Ok(true)
}

/// Signatures per second on this thread, each algorithm for this long.
pub(crate) fn rates(time: Duration) -> anyhow::Result<BTreeMap<Algorithm, f64>> {
    Algorithm::ALL
        .into_iter()
        .map(|algorithm| Ok((algorithm, rate(algorithm, time)?)))
        .collect()
}

fn rate(algorithm: Algorithm, time: Duration) -> anyhow::Result<f64> {
    let failed = |_| anyhow!("the cryptography library failed");
    let random = SystemRandom::new();
    match algorithm {
        Algorithm::RS256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            let mut signature = vec![0; pair.public_modulus_len()];
            repeat(time, || {
                pair.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)
                    .map_err(failed)?;
                black_box(&signature);
                Ok(())
            })
        }
        Algorithm::ES256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
            repeat(time, || {
                black_box(pair.sign(&random, &MESSAGE).map_err(failed)?);
                Ok(())
            })
        }
        Algorithm::EdDSA => {
            let pair = Ed25519KeyPair::generate().map_err(failed)?;
            repeat(time, || {
                black_box(pair.sign(&MESSAGE));
                Ok(())
            })
        }
    }
}

/// Counts in processor time where that is known, so that other programs on the
/// core take nothing away.
fn repeat(time: Duration, mut once: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let used = process::own_thread_time();
    let begin = Instant::now();
    let mut times = 0_u32;
    while begin.elapsed() < time {
        once()?;
        times += 1;
    }
    let elapsed = match (used, process::own_thread_time()) {
        (Some(before), Some(after)) if after > before => after.saturating_sub(before),
        _ => begin.elapsed(),
    };
    Ok(f64::from(times) / elapsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_measured() {
        for algorithm in [Algorithm::ES256, Algorithm::EdDSA] {
            assert!(rate(algorithm, Duration::from_millis(5)).unwrap() > 1.0);
        }
    }
}
