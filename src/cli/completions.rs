//! `earchiv completions`: what a shell needs to complete calls.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;
use super::exit::Exit;
use super::help;
use super::options::Context;

/// Prints a completion script.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Exit {
        let mut script = Vec::new();
        let mut command = help::localized(Cli::command(), cx.text());
        clap_complete::generate(self.shell, &mut command, "earchiv", &mut script);
        cx.out.raw(&String::from_utf8_lossy(&script));
        Exit::Done
    }
}
