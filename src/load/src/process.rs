//! What a process on this machine has used, as Linux tells it; `None` elsewhere.
//! [proc(5)](https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)

use std::{fs, time::Duration};

/// Linux counts processor time in hundredths of a second, whatever the machine
/// (`USER_HZ`).
const TICKS_PER_SECOND: u64 = 100;

/// Processor time in user and kernel mode, all threads together, until now.
pub(crate) fn processor_time(id: u32) -> Option<Duration> {
    ticks(&fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
        .map(|ticks| Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

/// Processor time of this thread until now, to the nanosecond: the first number
/// of `schedstat`.
/// [Scheduler statistics](https://www.kernel.org/doc/html/latest/scheduler/sched-stats.html)
pub(crate) fn own_thread_time() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// Memory that is in use, in KiB (`VmRSS`).
pub(crate) fn resident_memory(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// `utime` and `stime`. The second field is the program's name in parentheses,
/// which may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let kernel: u64 = fields.next()?.parse().ok()?;
    Some(user + kernel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_an_odd_name() {
        let stat = "7 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("7 (a"), None);
    }
}
