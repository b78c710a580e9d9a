//! Words for how far apart two moments are.

use oidc::time::UnixTime;

/// Seconds as a person counts them: the two largest units, of which the second
/// is left out when it is zero. A negative duration is told as a positive one.
#[must_use]
pub fn duration(seconds: i64) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("day", 86_400),
        ("hour", 3_600),
        ("minute", 60),
        ("second", 1),
    ];
    let seconds = seconds.unsigned_abs();
    let largest = UNITS.iter().position(|(_, length)| seconds >= *length);
    let from = largest.unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let parts = UNITS.iter().skip(from).take(2).enumerate();
    let parts: Vec<String> = parts
        .filter_map(|(index, (name, length))| {
            let count = rest / length;
            rest %= length;
            let plural = if count == 1 { "" } else { "s" };
            (index == 0 || count > 0).then(|| format!("{count} {name}{plural}"))
        })
        .collect();
    parts.join(" ")
}

/// How far a moment is from the present: `in 5 minutes`, `5 minutes ago`, `now`.
#[must_use]
pub fn from_now(moment: UnixTime, now: UnixTime) -> String {
    match moment.since(now) {
        0 => "now".to_owned(),
        ahead if ahead > 0 => format!("in {}", duration(ahead)),
        back => format!("{} ago", duration(back)),
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, from_now};
    use oidc::time::UnixTime;

    #[test]
    fn a_duration_is_told_in_its_two_largest_units() {
        for (seconds, text) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (61, "1 minute 1 second"),
            (3_600, "1 hour"),
            (3_601, "1 hour"),
            (7_260, "2 hours 1 minute"),
            (7_776_000, "90 days"),
            (-90_000, "1 day 1 hour"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        assert!(duration(i64::MIN).contains("days"));
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
