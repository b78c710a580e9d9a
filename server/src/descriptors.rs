//! How many files, and so connections, may be open at once.

/// As many connections as are ever served at once.
const MOST_CONNECTIONS: usize = 16_384;

/// Files that are open beside connections: the database, the site's files that
/// are being sent, and what the relying party connects to.
const OTHER_FILES: usize = 512;

/// Raises the limit of open files as far as it may and is needed, and says how
/// many connections then fit.
///
/// Most systems start programs with 1024 files and allow many more to whoever
/// asks: the small number is for programs that use `select`.
/// [File descriptor limits](https://0pointer.net/blog/file-descriptor-limits.html)
#[cfg(unix)]
pub(crate) fn room_for_connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let files = (MOST_CONNECTIONS + OTHER_FILES) as u64;
    let limit = getrlimit(Resource::Nofile);
    // `None` is as many as one likes.
    let wanted = limit.maximum.map_or(files, |most| most.min(files));
    let mut current = limit.current.unwrap_or(files);
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    if current < wanted && setrlimit(Resource::Nofile, raised).is_ok() {
        current = wanted;
    }
    fitting(current)
}

/// How many connections fit where nobody counts files.
#[cfg(not(unix))]
pub(crate) fn room_for_connections() -> usize {
    fitting(u64::MAX)
}

/// How many connections fit beside the other files; half, when there are few.
fn fitting(files: u64) -> usize {
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    files
        .saturating_sub(OTHER_FILES)
        .max(files / 2)
        .clamp(1, MOST_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_room_for_other_files() {
        for (files, connections) in [
            (0, 1),
            (256, 128),
            (1024, 512),
            (20_000, MOST_CONNECTIONS),
            (10_512, 10_000),
            (u64::MAX, MOST_CONNECTIONS),
        ] {
            assert_eq!(fitting(files), connections, "{files}");
        }
    }

    #[test]
    fn there_is_room_for_at_least_one_connection() {
        assert!(room_for_connections() >= 1);
    }
}
