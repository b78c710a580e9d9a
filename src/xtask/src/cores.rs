//! Keeps a server and whoever loads it out of each other's way.

use std::{fmt, process::Command, thread};

use crate::environment::Environment;

/// A processor core, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Core(usize);

/// Who gets which core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cores {
    pub(crate) servers: Option<Core>,
    pub(crate) generator: Option<Core>,
}

impl Cores {
    /// One for the servers and one for the load generator, where there are two
    /// and programs can be bound to them.
    pub(crate) fn divide(environment: &Environment) -> Self {
        let several = thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
        if several && environment.find("taskset").is_some() {
            Self {
                servers: Some(Core(0)),
                generator: Some(Core(1)),
            }
        } else {
            Self {
                servers: None,
                generator: None,
            }
        }
    }
}

impl fmt::Display for Cores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.servers, self.generator) {
            (Some(servers), Some(generator)) => write!(
                f,
                "each server has core {} to itself and the load generator core {}",
                servers.0, generator.0
            ),
            _ => f.write_str(
                "servers and load generator share all cores (no taskset, or only one core): \
                 figures are not per core",
            ),
        }
    }
}

/// The same program, on this core only.
pub(crate) fn pinned(command: Command, core: Option<Core>) -> Command {
    let Some(Core(core)) = core else {
        return command;
    };
    let mut pinned = Command::new("taskset");
    pinned
        .args(["--cpu-list", &core.to_string()])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => pinned.env(name, value),
            None => pinned.env_remove(name),
        };
    }
    if let Some(directory) = command.get_current_dir() {
        pinned.current_dir(directory);
    }
    pinned
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::process;

    #[test]
    fn a_pinned_program_is_otherwise_the_same() {
        let mut command = Command::new("server");
        command
            .arg("serve")
            .env("A", "1")
            .env_remove("B")
            .current_dir("/x");
        let pinned = pinned(command, Some(Core(1)));
        assert_eq!(
            process::describe(&pinned),
            "taskset --cpu-list 1 server serve"
        );
        assert_eq!(pinned.get_current_dir(), Some(Path::new("/x")));
        let variables: Vec<_> = pinned.get_envs().collect();
        assert_eq!(variables.len(), 2);
        assert!(variables.contains(&("B".as_ref(), None)));
    }

    #[test]
    fn without_a_core_nothing_is_changed() {
        assert_eq!(
            process::describe(&pinned(Command::new("server"), None)),
            "server"
        );
    }
}
