//! What went wrong, at the border to the user: a kind with its exit code, a sentence, a cause and a hint.

use std::io;
use std::path::{Path, PathBuf};

use earchiv::model::finding::Finding;
use serde::Serialize;

use super::exit::Exit;
use super::stop;
use super::text::{self, Text, Value};

/// What a caller can do about a failure; decides heading and exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The call is wrong.
    Usage,
    /// A configuration file, profile or agreement is wrong.
    Config,
    /// Input was refused.
    Refused,
    /// Reading or writing failed.
    Io,
    /// A package is damaged, missing, or not what was stored.
    Integrity,
    /// Another run holds the archive.
    Locked,
    /// The catalogue is damaged or missing.
    Catalogue,
    /// The journal is damaged, missing or rolled back.
    Journal,
    /// The archive's marker is damaged or missing.
    Marker,
    /// Permission lacks.
    Permission,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The program is wrong.
    Bug,
}

impl Kind {
    /// Returns the exit code that the table in ARCHITECTURE.md gives.
    pub const fn exit(self) -> Exit {
        match self {
            Self::Usage | Self::Config => Exit::Wrong,
            Self::Refused => Exit::Refused,
            Self::Io => Exit::Io,
            Self::Integrity => Exit::Integrity,
            Self::Locked => Exit::Locked,
            Self::Catalogue | Self::Journal | Self::Marker => Exit::Record,
            Self::Permission => Exit::Denied,
            Self::Interrupted => Exit::Interrupted,
            Self::Terminated => Exit::Terminated,
            Self::Bug => Exit::Bug,
        }
    }

    fn heading(self, text: &Text) -> String {
        match self {
            Self::Usage => text.say("kind-usage", &[]),
            Self::Config => text.say("kind-config", &[]),
            Self::Refused => text.say("kind-refused", &[]),
            Self::Io => text.say("kind-io", &[]),
            Self::Integrity => text.say("kind-integrity", &[]),
            Self::Locked => text.say("kind-locked", &[]),
            Self::Catalogue => text.say("kind-catalogue", &[]),
            Self::Journal => text.say("kind-journal", &[]),
            Self::Marker => text.say("kind-marker", &[]),
            Self::Permission => text.say("kind-permission", &[]),
            Self::Interrupted | Self::Terminated => text.say("kind-stopped", &[]),
            Self::Bug => text.say("kind-bug", &[]),
        }
    }
}

/// Something that could not be done, or not in full.
///
/// `code` is stable and the same in every language; its sentence is the message `fault-<code>`, what to do about it the
/// message's attribute `hint`.
#[derive(Debug, Clone)]
pub struct Failure(Box<Details>);

/// Behind a pointer: results carry a failure rarely, and are passed around all the time.
#[derive(Debug, Clone)]
struct Details {
    kind: Kind,
    code: &'static str,
    arguments: Vec<(&'static str, Argument)>,
    file: Option<PathBuf>,
    line: Option<u64>,
    column: Option<u64>,
    cause: Option<Cause>,
    /// Kept apart from the hint in the texts: "did you mean ...".
    suggestion: Option<String>,
}

#[derive(Debug, Clone)]
enum Argument {
    Value(Value<'static>),
    Bytes(u64),
}

#[derive(Debug, Clone)]
enum Cause {
    Io(io::ErrorKind, String),
    Said(String),
    Key(&'static str, Vec<(&'static str, Value<'static>)>),
    Finding(Finding),
}

impl Failure {
    /// Returns a failure whose sentence is `fault-<code>`.
    pub fn new(kind: Kind, code: &'static str) -> Self {
        Self(Box::new(Details {
            kind,
            code,
            arguments: Vec::new(),
            file: None,
            line: None,
            column: None,
            cause: None,
            suggestion: None,
        }))
    }

    /// Returns the stable code.
    pub const fn code(&self) -> &'static str {
        self.0.code
    }

    /// Returns the failure to read `path`: permission (8), else `kind`.
    pub fn reading(kind: Kind, path: &Path, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::PermissionDenied {
            Self::new(Kind::Permission, "read-denied").at(path)
        } else {
            Self::new(kind, "read").at(path)
        }
        .because_io(error)
    }

    /// Returns the failure to write `path`: permission (8), a full medium with `needed` and free bytes (4), else I/O (4).
    pub fn writing(path: &Path, needed: u64, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::new(Kind::Permission, "write-denied").at(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::WriteZero => {
                let free = free_bytes(path);
                let failure = if is_room(needed, free) {
                    Self::new(Kind::Io, "no-names")
                } else {
                    Self::new(Kind::Io, "no-space")
                };
                failure.at(path).with_bytes("needed", needed).with_bytes("free", free)
            }
            _ => Self::new(Kind::Io, "write").at(path),
        }
        .because_io(error)
    }

    /// Returns the failure to work with `path` where it is not known whether it was to be read or written.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::new(Kind::Permission, "access-denied").at(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::WriteZero => {
                Self::new(Kind::Io, "full").at(path).with_bytes("free", free_bytes(path))
            }
            _ => Self::new(Kind::Io, "access").at(path),
        }
        .because_io(error)
    }

    /// Returns the failure of a run that ended because a stop was requested.
    pub fn stopped() -> Self {
        if stop::signal() == signal_hook::consts::SIGTERM {
            Self::new(Kind::Terminated, "stopped")
        } else {
            Self::new(Kind::Interrupted, "stopped")
        }
    }

    /// Gives the sentence a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value<'static>>) -> Self {
        self.0.arguments.push((name, Argument::Value(value.into())));
        self
    }

    /// Gives the sentence a size.
    #[must_use]
    pub fn with_bytes(mut self, name: &'static str, bytes: u64) -> Self {
        self.0.arguments.push((name, Argument::Bytes(bytes)));
        self
    }

    /// Names the file; it is also the sentence's `$file`.
    #[must_use]
    pub fn at(mut self, file: &Path) -> Self {
        self.0.file = Some(file.to_owned());
        self
    }

    /// Names the place in the file, both from 1.
    #[must_use]
    pub fn place(mut self, line: u64, column: u64) -> Self {
        self.0.line = Some(line);
        self.0.column = Some(column);
        self
    }

    /// Names the line, from 1, where the column is not known.
    #[must_use]
    pub fn in_line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    /// Names the cause as the operating system tells it.
    #[must_use]
    pub fn because_io(mut self, error: &io::Error) -> Self {
        self.0.cause = Some(Cause::Io(error.kind(), error.to_string()));
        self
    }

    /// Names the cause as another program or library tells it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(Cause::Said(cause.into()));
        self
    }

    /// Names the cause by the text `key`.
    #[must_use]
    pub fn because_text(
        mut self,
        key: &'static str,
        arguments: impl Into<Vec<(&'static str, Value<'static>)>>,
    ) -> Self {
        self.0.cause = Some(Cause::Key(key, arguments.into()));
        self
    }

    /// Names what was found as the cause; what to do about that is said instead of what to do about the failure.
    #[must_use]
    pub fn because_found(mut self, finding: Finding) -> Self {
        self.0.cause = Some(Cause::Finding(finding));
        self
    }

    /// Judges the failure as another kind: what is a refusal in a delivery is damage in the store.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Names what was perhaps meant.
    #[must_use]
    pub fn suggest(mut self, word: impl Into<String>) -> Self {
        self.0.suggestion = Some(word.into());
        self
    }

    /// Returns how a run ends that fails like this.
    pub fn exit(&self) -> Exit {
        self.0.kind.exit()
    }

    /// Returns what a user reads.
    pub fn told(&self, text: &Text) -> Told {
        let details = &self.0;
        let mut arguments: Vec<(&str, Value<'_>)> = details
            .arguments
            .iter()
            .map(|(name, argument)| match argument {
                Argument::Value(value) => (*name, value.clone()),
                Argument::Bytes(bytes) => (*name, text.bytes(*bytes).into()),
            })
            .collect();
        if let Some(file) = &details.file {
            arguments.push(("file", text::path(file)));
        }
        let key = format!("fault-{}", details.code);
        let suggestion = details.suggestion.as_ref();
        Told {
            code: details.code,
            heading: details.kind.heading(text),
            message: text.say(&key, &arguments),
            file: details.file.as_deref().map(text::shown),
            line: details.line,
            column: details.column,
            cause: details.cause.as_ref().map(|cause| match cause {
                Cause::Io(kind, said) => io_cause(*kind, said, text),
                Cause::Said(said) => text::escape(said).into_owned(),
                Cause::Key(key, arguments) => text.say(key, arguments),
                Cause::Finding(finding) => text.finding(finding),
            }),
            hint: suggestion
                .map(|word| text.say("did-you-mean", &[("word", word.as_str().into())]))
                .or_else(|| match &details.cause {
                    Some(Cause::Finding(finding)) => text.finding_hint(finding),
                    _ => None,
                })
                .or_else(|| text.hint(&key, &arguments)),
        }
    }
}

/// A failure in the user's language; serialized, it is `error` of a JSON document.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Stable, the same in every language.
    pub code: &'static str,
    /// Heading of the kind.
    #[serde(skip)]
    pub heading: String,
    /// What happened.
    pub message: String,
    /// The file it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Returns what the operating system says, in the user's language where it is a common cause.
///
/// `said` is the text of an [`io::Error`], which ends in `(os error N)`.
pub fn io_said(said: &str, text: &Text) -> String {
    io_cause(io_kind(said), said, text)
}

/// Returns whether the operating system says that permission lacks.
pub fn is_denied(said: &str) -> bool {
    io_kind(said) == io::ErrorKind::PermissionDenied
}

fn io_kind(said: &str) -> io::ErrorKind {
    let number = said.rsplit_once("(os error ").and_then(|(_, rest)| rest.strip_suffix(')')?.parse().ok());
    number.map_or(io::ErrorKind::Other, |number| io::Error::from_raw_os_error(number).kind())
}

fn io_cause(kind: io::ErrorKind, said: &str, text: &Text) -> String {
    match kind {
        io::ErrorKind::NotFound => text.say("io-not-found", &[]),
        io::ErrorKind::PermissionDenied => text.say("io-permission", &[]),
        io::ErrorKind::AlreadyExists => text.say("io-exists", &[]),
        io::ErrorKind::NotADirectory => text.say("io-not-a-folder", &[]),
        io::ErrorKind::IsADirectory => text.say("io-is-a-folder", &[]),
        // What is looked at before it is read, and is a pipe or a device; the system itself would add its number.
        io::ErrorKind::InvalidInput if !said.contains("os error") => text.say("io-no-file", &[]),
        // Some file systems write nothing more where others say that they are full.
        io::ErrorKind::StorageFull | io::ErrorKind::WriteZero => text.say("io-full", &[]),
        io::ErrorKind::QuotaExceeded => text.say("io-quota", &[]),
        io::ErrorKind::ReadOnlyFilesystem => text.say("io-read-only", &[]),
        io::ErrorKind::StaleNetworkFileHandle => text.say("io-stale", &[]),
        _ => text::escape(said).into_owned(),
    }
}

/// Returns the bytes that the file system of `path` has left, 0 where it does not tell.
/// Returns whether there is room enough on a medium that refuses: then it has no more inodes, or a quota is exhausted.
pub const fn is_room(needed: u64, free: u64) -> bool {
    free > needed.saturating_mul(2) && free > 1 << 20
}

fn free_bytes(path: &Path) -> u64 {
    path.ancestors()
        .map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .find_map(|folder| rustix::fs::statvfs(folder).ok())
        .map_or(0, |fs| fs.f_bavail.saturating_mul(fs.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::text::Language;

    #[test]
    fn exit_codes_are_those_of_the_table() {
        for (kind, code) in [
            (Kind::Bug, 1),
            (Kind::Usage, 2),
            (Kind::Config, 2),
            (Kind::Refused, 3),
            (Kind::Io, 4),
            (Kind::Integrity, 5),
            (Kind::Locked, 6),
            (Kind::Catalogue, 7),
            (Kind::Journal, 7),
            (Kind::Marker, 7),
            (Kind::Permission, 8),
            (Kind::Interrupted, 130),
            (Kind::Terminated, 143),
        ] {
            assert_eq!(kind.exit().code(), code, "{kind:?}");
            for language in [Language::De, Language::En] {
                assert!(!kind.heading(&Text::new(language)).is_empty());
            }
        }
    }

    #[test]
    fn a_full_medium_names_needed_and_free_bytes() {
        for full in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::WriteZero] {
            let failure = Failure::writing(Path::new("/tmp/not/there"), 2_000_000, &full.into());
            assert_eq!(failure.exit(), Exit::Io);
            let told = failure.told(&Text::new(Language::De));
            assert!(told.message.contains("1,9 MiB"), "{}", told.message);
            assert!(!told.message.contains("–"), "{}", told.message);
        }
        assert!(free_bytes(Path::new("/tmp/not/there")) > 0);
    }

    #[test]
    fn permission_is_not_io() {
        let error = io::Error::from(io::ErrorKind::PermissionDenied);
        let path = Path::new("a");
        assert_eq!(Failure::reading(Kind::Io, path, &error).exit(), Exit::Denied);
        assert_eq!(Failure::writing(path, 0, &error).exit(), Exit::Denied);
    }
}
