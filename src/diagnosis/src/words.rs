//! Figures in words.

/// A number of seconds as a person says it: `90 days`, `1 hour 30 minutes`.
#[must_use]
pub fn duration(seconds: u32) -> String {
    const UNITS: [(&str, u32); 4] = [
        ("day", 86_400),
        ("hour", 3600),
        ("minute", 60),
        ("second", 1),
    ];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, length) in UNITS {
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

fn counted(count: u32, unit: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{ending}")
}

#[cfg(test)]
mod tests {
    use super::duration;

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
}
