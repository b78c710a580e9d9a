//! The binary: reads the command line and says in one sentence what went wrong.

use clap::Parser;
use mimalloc::MiMalloc;
use server::{
    cli::{Cli, Command, ExportOptions, ServeOptions},
    config::Config,
    demo, fixtures, serve,
    serve::ServeError,
};
use std::{
    io::{Write, stdout},
    process::ExitCode,
};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Ends with 2 when it is called wrongly.
    let cli = Cli::parse();
    let result = match cli.command {
        Some(Command::Demo(options)) => demo::run(&options).map_err(ServeError::from).map(print),
        Some(Command::Export(options)) => export(&options).map(print),
        Some(Command::Schema) => {
            print(fixtures::schema_text());
            Ok(())
        }
        Some(Command::Serve(options)) => run(&options),
        None => run(&cli.serve),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: impl AsRef<[u8]>) {
    // Whoever read it may have stopped reading.
    let _ = stdout().write_all(text.as_ref());
}

fn export(options: &ExportOptions) -> Result<String, ServeError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ServeError::Other(error.to_string()))?
        .block_on(fixtures::export(options))
}

fn run(options: &ServeOptions) -> Result<(), ServeError> {
    let config = Config::read(options)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| ServeError::Other(error.to_string()))?
        .block_on(serve::serve(config))
}
