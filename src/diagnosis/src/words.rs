//! Figures in words.

use oidc::time::UnixTime;

/// A number of seconds as a person says it: `90 days`, `1 hour 30 minutes`.
#[must_use]
pub fn duration(seconds: u32) -> String {
    in_units(seconds.into(), usize::MAX)
}

/// The same, in the two largest units: nobody needs the seconds of a day.
#[must_use]
pub fn about(seconds: u64) -> String {
    in_units(seconds, 2)
}

/// How far a moment is from the present: `in 5 minutes`, `5 minutes ago`, `now`.
#[must_use]
pub fn from_now(moment: UnixTime, now: UnixTime) -> String {
    let ahead = moment.since(now);
    match ahead {
        0 => "now".to_owned(),
        1.. => format!("in {}", about(ahead.unsigned_abs())),
        _ => format!("{} ago", about(ahead.unsigned_abs())),
    }
}

/// Units that are not zero, of so many from the largest on.
fn in_units(seconds: u64, most: usize) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("day", 86_400),
        ("hour", 3600),
        ("minute", 60),
        ("second", 1),
    ];
    let largest = UNITS.iter().position(|(_, length)| seconds >= *length);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, length) in UNITS.iter().skip(largest.unwrap_or(0)).take(most) {
        let count = rest / length;
        rest %= length;
        if count > 0 {
            parts.push(counted(count, unit));
        }
    }
    if parts.is_empty() {
        return counted(0, "second");
    }
    parts.join(" ")
}

fn counted(count: u64, unit: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{ending}")
}

#[cfg(test)]
mod tests {
    use super::{about, duration, from_now};
    use oidc::time::UnixTime;

    #[test]
    fn durations_are_said_in_the_units_they_have() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (3600, "1 hour"),
            (5400, "1 hour 30 minutes"),
            (7_776_000, "90 days"),
            (31_557_600, "365 days 6 hours"),
            (90_061, "1 day 1 hour 1 minute 1 second"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn a_long_time_is_said_in_its_two_largest_units() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (61, "1 minute 1 second"),
            (3601, "1 hour"),
            (90_061, "1 day 1 hour"),
        ] {
            assert_eq!(about(seconds), words);
        }
        assert!(about(u64::MAX).contains("days"));
    }

    #[test]
    fn a_moment_lies_ahead_or_back() {
        let now = UnixTime(1000);
        for (moment, text) in [
            (1000, "now"),
            (1300, "in 5 minutes"),
            (998, "2 seconds ago"),
        ] {
            assert_eq!(from_now(UnixTime(moment), now), text);
        }
        assert!(from_now(UnixTime(i64::MAX), UnixTime(i64::MIN)).starts_with("in "));
    }
}
