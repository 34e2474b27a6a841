//! What a user types and sees: the program itself is run, as from a shell.

#![allow(clippy::unwrap_used, clippy::panic)]

mod config;
mod help;
mod json;
mod pages;
mod wrong_calls;

use std::ffi::OsStr;
use std::process::{Command, Output};

/// Returns the program with `arguments` and an environment without any settings; its language is German by default.
fn earchiv<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_earchiv"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent");
    command
}

/// What a run left behind.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs a call that is written as in a shell, without quotes.
fn run(line: &str) -> Run {
    earchiv(line.split_whitespace()).output().unwrap().into()
}
