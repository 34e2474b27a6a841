//! What the kernel is, and what it keeps the program from: stated, and tried.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use earchiv::io::durable;
use rustix::fs::Access;
use uuid::Uuid;

use super::{Row, State};
use crate::cli::confine::{Confined, Confinement};
use crate::cli::text::{Text, Value};

/// The port for traffic that is thrown away: nobody listens there.
const DISCARD: u16 = 9;

/// Returns which program this is.
pub fn program(text: &Text) -> Row {
    let value = env!("CARGO_PKG_VERSION");
    fact("system", "program", value, text.say("doctor-program", &[("value", value.into())]))
}

/// Returns which kernel runs it.
pub fn kernel(text: &Text) -> Row {
    let found = rustix::system::uname();
    let value = format!("{} {}", found.sysname().to_string_lossy(), found.release().to_string_lossy());
    let message = text.say("doctor-kernel", &[("value", value.as_str().into())]);
    fact("system", "kernel", &value, message)
}

/// Returns what the program gave up, and what came of trying it all the same; `folder` is where it may write.
pub fn rights(confined: Confinement, folder: Option<&Path>, text: &Text) -> Vec<Row> {
    let mut rows = vec![landlock(confined, text)];
    if matches!(confined.state, Confined::Fully | Confined::Partly) {
        let write = written_outside(folder);
        rows.push(denied("write-outside", write, text.say("doctor-write-outside", &[]), text));
        rows.push(denied("connect", connected(), text.say("doctor-connect", &[]), text));
        rows.push(denied("listen", listened(), text.say("doctor-listen", &[]), text));
        rows.push(denied("execute", started(), text.say("doctor-execute", &[]), text));
    }
    rows
}

fn landlock(confined: Confinement, text: &Text) -> Row {
    let version: [(&str, Value<'_>); 1] = [("version", confined.version.to_string().into())];
    let (state, message, hint) = match confined.state {
        Confined::Fully => (State::Yes, text.say("doctor-landlock", &version), None),
        Confined::Partly => {
            (State::Yes, text.say("doctor-landlock-partly", &version), text.hint("doctor-landlock-partly", &[]))
        }
        Confined::Unsupported => {
            let none = text.say("doctor-landlock-none", &[]);
            (State::No, none, text.hint("doctor-landlock-none", &[]))
        }
        Confined::Off => {
            let off = text.say("doctor-landlock-off", &[]);
            (State::No, off, text.hint("doctor-landlock-off", &[]))
        }
        Confined::Refused => {
            let refused = text.say("doctor-landlock-refused", &[]);
            (State::No, refused, text.hint("doctor-landlock-refused", &[]))
        }
    };
    let value = (confined.version > 0).then(|| confined.version.to_string());
    Row { about: "rights", code: "landlock", state, needed: false, value, message, consequence: hint }
}

/// Returns the row of something that is to be denied.
fn denied(code: &'static str, tried: State, message: String, text: &Text) -> Row {
    let consequence = match tried {
        State::Yes => None,
        State::No => Some(text.say("doctor-not-denied", &[])),
        State::Unknown => Some(text.say("doctor-not-tried", &[])),
    };
    Row { about: "rights", code, state: tried, needed: false, value: None, message, consequence }
}

fn fact(about: &'static str, code: &'static str, value: &str, message: String) -> Row {
    let value = Some(value.to_owned());
    Row { about, code, state: State::Yes, needed: false, value, message, consequence: None }
}

/// Tries to write where the user may, and this run may not.
fn written_outside(folder: Option<&Path>) -> State {
    let inside = folder.and_then(|folder| folder.canonicalize().ok());
    let usual = [std::env::temp_dir(), PathBuf::from("/var/tmp"), PathBuf::from("/dev/shm")];
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let outside = usual.into_iter().chain(home).find(|place| {
        // What the user may do is asked past Landlock, which does not know this question.
        let allowed = rustix::fs::access(place, Access::WRITE_OK | Access::EXEC_OK).is_ok();
        let below = |inside: &PathBuf| place.canonicalize().is_ok_and(|place| place.starts_with(inside));
        allowed && !inside.as_ref().is_some_and(below)
    });
    let Some(place) = outside else { return State::Unknown };
    let path = place.join(format!(".{}.probe", Uuid::new_v4()));
    match durable::create_file(&path) {
        Ok(_) => {
            drop(durable::remove_tree(&path));
            State::No
        }
        Err(error) => state(&error),
    }
}

fn connected() -> State {
    let nobody = SocketAddr::from((Ipv4Addr::LOCALHOST, DISCARD));
    TcpStream::connect_timeout(&nobody, Duration::from_secs(1)).map_or_else(|error| state(&error), |_| State::No)
}

fn listened() -> State {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_or_else(|error| state(&error), |_| State::No)
}

fn started() -> State {
    let mut command = Command::new("/bin/true");
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match quiet.status() {
        Ok(_) => State::No,
        Err(error) if error.kind() == io::ErrorKind::NotFound => State::Unknown,
        Err(error) => state(&error),
    }
}

/// Returns whether it was denied; any other fault says that it was let through.
fn state(error: &io::Error) -> State {
    if error.kind() == io::ErrorKind::PermissionDenied { State::Yes } else { State::No }
}
