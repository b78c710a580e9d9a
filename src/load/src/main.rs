//! The program `load`.

use std::process::ExitCode;

// One thread: with `taskset` it stays out of the server's way, and what is
// measured does not depend on how work moves between threads here.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    load::main().await
}
