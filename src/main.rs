//! The program `earchiv`: hands over to `cli`, which is all that a user sees.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    ExitCode::from(cli::run())
}
