//! `earchiv man`: the manual pages, in the user's language.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory as _};

use super::Cli;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::help;
use super::options::Context;
use super::reach::Reach;
use super::text::{self, Text};

/// Prints a manual page, or writes all of them.
#[derive(Debug, Args)]
pub struct Man {
    /// Writes all pages into this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
    /// The command whose page is printed; without it the main page.
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

impl Man {
    /// Returns where the command writes.
    pub fn reach(&self) -> Reach {
        self.out.iter().fold(Reach::nothing(), |reach, folder| reach.and_folder(folder))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let mut root = help::localized(Cli::command(), cx.text());
        root.build();
        if let Some(folder) = &self.out {
            write_all(&root, folder, cx)?;
            return Ok(Exit::Done);
        }
        let mut command = &root;
        for name in &self.command {
            command = command
                .find_subcommand(name)
                .ok_or_else(|| Failure::new(Kind::Usage, "unknown-command").with("command", name.clone()))?;
        }
        let page = page(command, cx.text()).map_err(|error| rendering(&error))?;
        cx.out.raw(&page);
        Ok(Exit::Done)
    }
}

fn write_all(command: &Command, folder: &Path, cx: &Context<'_>) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let path = folder.join(format!("{name}.1"));
    let page = page(command, cx.text()).map_err(|error| rendering(&error))?;
    write(&path, page.as_bytes()).map_err(|error| Failure::writing(&path, page.len() as u64, &error))?;
    cx.out.result(&serde_json::json!({ "path": text::shown(&path) }), |_| text::shown(&path));
    command.get_subcommands().try_for_each(|command| write_all(command, folder, cx))
}

/// Puts `page` in place of what an earlier version wrote: pages can be made again at any time.
fn write(path: &Path, page: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(page)
}

/// Returns the page of `command`; the headings that the generator says in English are replaced.
fn page(command: &Command, text: &Text) -> io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).manual("eArchiv").render(&mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    let mut out = String::with_capacity(page.len() + 64);
    for line in page.lines() {
        match line {
            ".SH NAME" => heading(&mut out, &text.say("man-name", &[])),
            ".SH SYNOPSIS" => heading(&mut out, &text.say("man-synopsis", &[])),
            ".SH DESCRIPTION" => heading(&mut out, &text.say("man-description", &[])),
            ".SH VERSION" => heading(&mut out, &text.say("man-version", &[])),
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(out)
}

fn heading(out: &mut String, words: &str) {
    out.push_str(".SH ");
    out.push_str(words);
}

fn rendering(error: &io::Error) -> Failure {
    Failure::new(Kind::Bug, "man").because_io(error)
}
