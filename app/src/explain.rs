//! The verdict and what supports it. Shown for a run and for a prediction alike.

pub mod funnel;
pub mod panes;
pub mod verdict;
