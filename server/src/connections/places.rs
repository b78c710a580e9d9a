//! Places for connections: a number of them, and a share for each address.

use provider::ClientAddress;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All places.
pub(super) struct Places {
    free: Arc<Semaphore>,
    shares: Arc<Shares>,
}

/// How many places each address has. Holds an address only as long as it has one.
struct Shares {
    most: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// A place that nobody has taken yet.
pub(super) struct Room {
    permit: Option<OwnedSemaphorePermit>,
    shares: Arc<Shares>,
}

/// A place that is taken; free again when it is dropped.
pub(super) struct Place {
    peer: IpAddr,
    _permit: Option<OwnedSemaphorePermit>,
    share: Option<(IpAddr, Arc<Shares>)>,
}

impl Places {
    pub(super) fn new(at_once: usize, per_address: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))),
            shares: Arc::new(Shares {
                most: per_address,
                taken: Mutex::default(),
            }),
        }
    }

    /// Waits until there is a place.
    pub(super) async fn room(&self) -> Room {
        Room {
            // It fails only when it is closed, which nobody does.
            permit: Arc::clone(&self.free).acquire_owned().await.ok(),
            shares: Arc::clone(&self.shares),
        }
    }
}

impl Room {
    /// Takes the place for a peer, who may have any number of them when they are
    /// trusted; `None` when they have their share already.
    pub(super) fn take(self, peer: IpAddr, trusted: bool) -> Option<Place> {
        let subscriber = ClientAddress(peer).subscriber();
        if !trusted && !self.shares.enter(subscriber) {
            return None;
        }
        Some(Place {
            peer,
            _permit: self.permit,
            share: (!trusted).then_some((subscriber, self.shares)),
        })
    }
}

impl Place {
    /// Who has it.
    pub(super) fn peer(&self) -> IpAddr {
        self.peer
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((subscriber, shares)) = &self.share {
            shares.leave(*subscriber);
        }
    }
}

impl Shares {
    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, subscriber: IpAddr) -> bool {
        let mut taken = self.taken();
        let count = taken.entry(subscriber).or_default();
        let admitted = *count < self.most;
        if admitted {
            *count += 1;
        }
        admitted
    }

    fn leave(&self, subscriber: IpAddr) {
        let mut taken = self.taken();
        if let Some(count) = taken.get_mut(&subscriber) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.remove(&subscriber);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const ONE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test]
    async fn an_address_has_no_more_than_its_share() {
        let places = Places::new(9, 2);
        let take = async |peer, trusted| places.room().await.take(peer, trusted);
        let first = take(ONE, false).await.unwrap();
        let _second = take(ONE, false).await.unwrap();
        assert!(take(ONE, false).await.is_none());
        let _other = take(OTHER, false).await.unwrap();
        let _proxy = [
            take(ONE, true).await.unwrap(),
            take(ONE, true).await.unwrap(),
        ];
        assert_eq!(first.peer(), ONE);
        drop(first);
        let _third = take(ONE, false).await.unwrap();
        assert!(take(ONE, false).await.is_none());
    }

    #[tokio::test]
    async fn nothing_is_remembered_of_who_has_left() {
        let places = Places::new(1, 1);
        for _ in 0..3 {
            // There is but one place, so that this would wait for ever.
            let place = places.room().await.take(ONE, false).unwrap();
            assert_eq!(places.shares.taken().len(), 1);
            drop(place);
            assert_eq!(places.shares.taken().len(), 0);
        }
    }
}
