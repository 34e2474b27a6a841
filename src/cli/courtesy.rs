//! Being kind to other work on the same machine: a limit of the rate, idle priority, a pause while somebody writes to the archive.

use std::io;
use std::num::NonZeroU64;
use std::process::{Command, Stdio};

use clap::Args;
use earchiv::archive::Archive;
use earchiv::task::Pace;

use super::options::Context;
use super::quantity;

/// The lowest priority that a user can ask for.
const NICEST: i32 = 19;

/// How a command that reads much treats others.
#[derive(Debug, Args)]
pub struct Courtesy {
    /// Reads no more than this in a second.
    #[arg(long, value_name = "RATE", value_parser = quantity::rate)]
    rate: Option<NonZeroU64>,
    /// Disturbs no other work.
    #[arg(long)]
    idle: bool,
}

impl Courtesy {
    /// Lowers the priority of this process where that was asked for; a system that does not grant it is told of.
    ///
    /// The kernel keeps priorities by thread, and each thread begins with those of the one that starts it: so this comes before the first. It
    /// also comes before rights are given up, since it starts a program.
    pub fn lower(&self, cx: &Context<'_>) {
        if !self.idle {
            return;
        }
        if let Err(error) = lower_processor() {
            cx.out.note(&cx.text().say("idle-no-nice", &[("cause", error.to_string().into())]));
        }
        if let Err(error) = lower_medium() {
            cx.out.note(&cx.text().say("idle-no-class", &[("cause", error.to_string().into())]));
        }
    }

    /// Returns the pace at which packages of `archive` are read.
    pub fn pace(&self, archive: &Archive, cx: &Context<'_>) -> Pace {
        let pace = Pace::new(self.rate);
        if !self.idle {
            return pace;
        }
        let traffic = archive.traffic();
        if let Err(error) = traffic.is_another_writing() {
            cx.out.note(&cx.text().say("idle-no-traffic", &[("cause", error.to_string().into())]));
            return pace;
        }
        pace.yielding_to(move || traffic.is_another_writing().unwrap_or(false))
    }
}

fn lower_processor() -> io::Result<()> {
    if rustix::process::getpriority_process(None)? < NICEST {
        rustix::process::setpriority_process(None, NICEST)?;
    }
    Ok(())
}

/// Asks for the idle class of reading and writing. The program for it is part of util-linux, which every Linux system has, and of `BusyBox`; from
/// Rust it takes a system call that no maintained crate makes.
fn lower_medium() -> io::Result<()> {
    let process = std::process::id().to_string();
    let ionice = |options: &[&str]| {
        let mut command = Command::new("ionice");
        command.args(options).args(["-p", &process]).stdin(Stdio::null()).stderr(Stdio::null()).env("LC_ALL", "C");
        command.output()
    };
    // A service may begin like that, and forbid to ask for it.
    if ionice(&[])?.stdout.starts_with(b"idle") || ionice(&["-c", "3"])?.status.success() {
        return Ok(());
    }
    Err(io::ErrorKind::PermissionDenied.into())
}
