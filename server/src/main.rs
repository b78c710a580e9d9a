//! The binary: reads the command line and says in one sentence what went wrong.

use clap::Parser;
use server::{
    cli::{Cli, Command, ServeOptions},
    config::Config,
    demo, serve,
    serve::ServeError,
};
use std::{
    io::{Write, stdout},
    process::ExitCode,
};

fn main() -> ExitCode {
    // Ends with 2 when it is called wrongly.
    let cli = Cli::parse();
    let result = match cli.command {
        Some(Command::Demo(options)) => demo::run(&options).map_err(ServeError::from).map(|text| {
            // Whoever read it may have stopped reading.
            let _ = stdout().write_all(text.as_bytes());
        }),
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

fn run(options: &ServeOptions) -> Result<(), ServeError> {
    let config = Config::read(options)?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| ServeError::Other(error.to_string()))?
        .block_on(serve::serve(config))
}
