//! What the file system of an archive can do, and what follows where it cannot.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use earchiv::io::durable;
use earchiv::io::medium::{Ability, Bench, Room, room};
use rustix::fs::Access;

use super::{Row, State};
use crate::cli::error::{Failure, Kind};
use crate::cli::exit::Exit;
use crate::cli::text::{self, Text};

/// Returns how much room the file system has that holds `folder`.
pub fn room_of(folder: &Path) -> Result<Room, Failure> {
    room(folder).map_err(|error| Failure::reading(Kind::Io, folder, &error))
}

/// Returns the line above the rows of an archive's file system.
pub fn heading(folder: &Path, room: &Room, text: &Text) -> String {
    let kind = room.kind.unwrap_or("?");
    text.say("doctor-medium", &[("file", text::path(folder)), ("kind", kind.into())])
}

/// Tries everything.
pub fn abilities(bench: &Bench, text: &Text) -> Vec<Row> {
    let row = |attempt: earchiv::io::medium::Attempt| {
        let (message, consequence) = told(attempt.ability, text);
        let (state, consequence) = match attempt.outcome {
            Ok(true) => (State::Yes, None),
            Ok(false) => (State::No, consequence),
            Err(error) => (State::Unknown, Some(failed(&error, text))),
        };
        let (code, needed) = (attempt.ability.code(), attempt.ability.is_needed());
        Row { about: "medium", code, state, needed, value: None, message, consequence }
    };
    bench.attempts().into_iter().map(row).collect()
}

/// Returns what is not a plain yes or no: another process, times, room.
pub fn others(seen: io::Result<bool>, bench: &Bench, room: &Room, text: &Text) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |code, state, needed, value, message, consequence| {
        rows.push(Row { about: "medium", code, state, needed, value, message, consequence });
    };
    let (state, consequence) = match seen {
        Ok(true) => (State::Yes, None),
        Ok(false) => (State::No, text.hint("doctor-lock-others", &[])),
        Err(error) => (State::Unknown, Some(failed(&error, text))),
    };
    // Where no second process can be started, the first attempt stands for both.
    let needed = state != State::Unknown;
    add("lock-others", state, needed, None, text.say("doctor-lock-others", &[]), consequence);

    let step = bench.time_step();
    let (state, consequence) = match &step {
        Ok(step) if *step <= 1_000 => (State::Yes, None),
        Ok(_) => (State::No, text.hint("doctor-time-step", &[])),
        Err(error) => (State::Unknown, Some(failed(error, text))),
    };
    let value = step.ok().map(|step| step.to_string());
    let shown = value.clone().unwrap_or_else(|| "?".to_owned());
    add("time-step", state, false, value, text.say("doctor-time-step", &[("value", shown.into())]), consequence);

    let state = if room.read_only { State::No } else { State::Yes };
    let consequence = room.read_only.then(|| text.hint("doctor-writable", &[])).flatten();
    add("writable", state, true, None, text.say("doctor-writable", &[]), consequence);
    rows.extend(space("medium", room, text));
    rows
}

/// Returns what holds of the folder for temporary files.
pub fn work(folder: &Path, text: &Text) -> Vec<Row> {
    let made = durable::unnamed();
    let (state, consequence) = match made {
        Ok(_) => (State::Yes, None),
        Err(error) => (State::No, text.hint("doctor-work-usable", &[]).map(|hint| format!("{hint} ({error})"))),
    };
    let message = text.say("doctor-work-usable", &[]);
    let usable = Row { about: "work", code: "usable", state, needed: false, value: None, message, consequence };
    let room = room(folder).map(|room| space("work", &room, text)).unwrap_or_default();
    [usable].into_iter().chain(room).collect()
}

fn space(about: &'static str, room: &Room, text: &Text) -> Vec<Row> {
    let needed = about == "medium";
    let row = |code, some: bool, value: String, message, consequence: Option<String>| {
        let (state, consequence) = if some { (State::Yes, None) } else { (State::No, consequence) };
        Row { about, code, state, needed, value: Some(value), message, consequence }
    };
    let bytes = text.say("doctor-free-bytes", &[("value", text.bytes(room.bytes).into())]);
    let mut rows =
        vec![row("free-bytes", room.bytes > 0, room.bytes.to_string(), bytes, text.hint("doctor-free-bytes", &[]))];
    if let Some(files) = room.files {
        let message = text.say("doctor-free-files", &[("value", text.number(files).into())]);
        let consequence = text.hint("doctor-free-files", &[]);
        rows.push(row("free-files", files > 0, files.to_string(), message, consequence));
    }
    rows
}

/// Has another process look whether a file is held that this one holds.
pub fn seen_by_others(bench: &Bench) -> io::Result<bool> {
    let (path, _held) = bench.locked()?;
    let mut other = Command::new(std::env::current_exe()?);
    let other = other.args(["doctor", "--quiet", "--locked"]).arg(path);
    let status = other.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    match status.code() {
        Some(code) if code == i32::from(Exit::Locked.code()) => Ok(true),
        Some(0) => Ok(false),
        _ => Err(io::Error::other(status.to_string())),
    }
}

/// Says by the exit code whether another process holds `file`.
pub fn is_locked(file: &Path) -> Result<Exit, Failure> {
    let opened = File::open(file).map_err(|error| Failure::reading(Kind::Io, file, &error))?;
    match opened.try_lock() {
        Ok(()) => Ok(Exit::Done),
        Err(TryLockError::WouldBlock) => Ok(Exit::Locked),
        Err(TryLockError::Error(error)) => Err(Failure::io(file, &error)),
    }
}

/// Returns whether the user may not write to `folder`.
pub fn is_denied(folder: &Path) -> bool {
    rustix::fs::access(folder, Access::WRITE_OK).is_err_and(|errno| errno == rustix::io::Errno::ACCESS)
}

fn failed(error: &io::Error, text: &Text) -> String {
    text.say("doctor-failed", &[("cause", error.to_string().into())])
}

/// Returns what an ability is, and what follows where it lacks.
fn told(ability: Ability, text: &Text) -> (String, Option<String>) {
    match ability {
        Ability::Write => (text.say("doctor-write", &[]), text.hint("doctor-write", &[])),
        Ability::RenameNoReplace => {
            (text.say("doctor-rename-no-replace", &[]), text.hint("doctor-rename-no-replace", &[]))
        }
        Ability::Exchange => (text.say("doctor-exchange", &[]), text.hint("doctor-exchange", &[])),
        Ability::HardLink => (text.say("doctor-hard-link", &[]), text.hint("doctor-hard-link", &[])),
        Ability::Lock => (text.say("doctor-lock", &[]), text.hint("doctor-lock", &[])),
        Ability::SyncFile => (text.say("doctor-sync-file", &[]), text.hint("doctor-sync-file", &[])),
        Ability::SyncFolder => (text.say("doctor-sync-folder", &[]), text.hint("doctor-sync-folder", &[])),
        Ability::SyncFileSystem => {
            (text.say("doctor-sync-file-system", &[]), text.hint("doctor-sync-file-system", &[]))
        }
        Ability::UnnamedFile => (text.say("doctor-unnamed-file", &[]), text.hint("doctor-unnamed-file", &[])),
        Ability::CacheAdvice => (text.say("doctor-cache-advice", &[]), text.hint("doctor-cache-advice", &[])),
        Ability::LongName => (text.say("doctor-long-name", &[]), text.hint("doctor-long-name", &[])),
        Ability::AnyName => (text.say("doctor-any-name", &[]), text.hint("doctor-any-name", &[])),
        Ability::CaseSensitive => (text.say("doctor-case-sensitive", &[]), text.hint("doctor-case-sensitive", &[])),
        Ability::FormSensitive => (text.say("doctor-form-sensitive", &[]), text.hint("doctor-form-sensitive", &[])),
        Ability::Sparse => (text.say("doctor-sparse", &[]), text.hint("doctor-sparse", &[])),
    }
}
