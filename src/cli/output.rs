//! The only writer to stdout and stderr: results as text or as one JSON document, everything else on stderr.
//!
//! Results are written as they come, never collected. A reader that closes the pipe is no fault: what follows is dropped,
//! and [`Output::is_closed`] tells long lists to end. Any other fault of stdout makes the run end with 4.

use std::io::{self, BufWriter, IsTerminal as _, LineWriter, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use earchiv::model::time::Timestamp;
use serde::Serialize;

use super::error::{Failure, Kind, Told};
use super::exit::Exit;
use super::metrics::Figures;
use super::nagios;
use super::progress::Bar;
use super::text::{Text, escape};

/// How output is to be.
#[derive(Debug, Default, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Form {
    /// One JSON document, named `earchiv.<document>/1`.
    pub json: bool,
    /// Each result of that document is a line as it comes, the rest of it the last line.
    pub lines: bool,
    /// The command, nested ones joined by `-`; empty where the call names none.
    pub document: String,
    /// How much is told on stderr.
    pub loudness: Loudness,
    /// No colour, whatever the terminal can do.
    pub plain: bool,
    /// Nothing but one line for Nagios at the end.
    pub nagios: bool,
}

impl Form {
    fn schema(&self) -> String {
        let dot = if self.document.is_empty() { "" } else { "." };
        format!("earchiv{dot}{}/1", self.document)
    }
}

/// How much is told on stderr.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// Failures only.
    Quiet,
    /// What a user wants to know, and progress.
    #[default]
    Normal,
    /// More.
    Verbose,
}

/// Writes what a user or a program is to read.
pub struct Output {
    form: Form,
    text: Arc<Text>,
    bar: Bar,
    colour: bool,
    state: Mutex<State>,
}

struct State {
    stdout: Box<dyn Write + Send>,
    stderr: Box<dyn Write + Send>,
    opened: bool,
    results: u64,
    closed: bool,
    fault: Option<io::Error>,
    gravest: Option<(Exit, Told)>,
    /// Further members of the JSON document.
    also: Vec<(&'static str, serde_json::Value)>,
    /// What the line for Nagios tells.
    figures: Option<Figures>,
    exit: Exit,
}

impl Output {
    /// Returns the output of this process.
    pub fn new(form: Form, text: Arc<Text>) -> Self {
        let stdout = io::stdout();
        let stdout: Box<dyn Write + Send> = if stdout.is_terminal() {
            Box::new(LineWriter::new(stdout))
        } else {
            Box::new(BufWriter::with_capacity(64 * 1024, stdout))
        };
        Self::to(stdout, Box::new(io::stderr()), form, text)
    }

    fn to(stdout: Box<dyn Write + Send>, stderr: Box<dyn Write + Send>, form: Form, text: Arc<Text>) -> Self {
        let capable = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let terminal = io::stderr().is_terminal() && capable;
        Self {
            bar: Bar::new(Arc::clone(&text), terminal && form.loudness > Loudness::Quiet),
            colour: terminal && !form.plain,
            form,
            text,
            state: Mutex::new(State {
                stdout,
                stderr,
                opened: false,
                results: 0,
                closed: false,
                fault: None,
                gravest: None,
                also: Vec::new(),
                figures: None,
                exit: Exit::Done,
            }),
        }
    }

    /// Returns the user's language.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Returns what draws progress.
    pub const fn progress(&self) -> &Bar {
        &self.bar
    }

    /// Writes one result: `value` into the JSON document, or else the lines that `lines` returns.
    pub fn result<T: Serialize>(&self, value: &T, lines: impl FnOnce(&Text) -> String) {
        if self.form.json {
            let mut state = self.state();
            state.open(&self.form);
            let first = state.results == 0;
            state.results += 1;
            let lines = self.form.lines;
            state.write(|out| {
                if !first && !lines {
                    out.write_all(b",\n")?;
                }
                serde_json::to_writer(&mut *out, value)?;
                if lines {
                    out.write_all(b"\n")?;
                    // Whoever reads them wants them while the work goes on.
                    out.flush()?;
                }
                Ok(())
            });
        } else {
            self.lines(&lines(&self.text));
        }
    }

    /// Writes lines to stdout that are for people only: headings, sums.
    pub fn lines(&self, lines: &str) {
        if self.form.json || self.form.nagios || lines.is_empty() {
            return;
        }
        self.bar.suspend(|| {
            self.state().write(|out| {
                for line in lines.lines() {
                    writeln!(out, "{}", escape(line))?;
                }
                Ok(())
            });
        });
    }

    /// Has the line for Nagios tell `figures`.
    pub fn monitor(&self, figures: Figures) {
        self.state().figures = Some(figures);
    }

    /// Puts a further member into the JSON document, after the results.
    pub fn also(&self, name: &'static str, value: serde_json::Value) {
        self.state().also.push((name, value));
    }

    /// Writes `document` to stdout as it is: a manual page, a completion script, help; in JSON as a result `{"text"}`.
    pub fn raw(&self, document: &str) {
        if self.form.json {
            self.result(&serde_json::json!({ "text": document }), |_| String::new());
        } else {
            self.state().write(|out| out.write_all(document.as_bytes()));
        }
    }

    /// Writes a document to stdout piece by piece as `fill` makes it, and returns what `fill` says; a fault of stdout itself
    /// is told at the end of the run like all others.
    pub fn document(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut pieces = Pieces { output: self, failed: false };
        match fill(&mut pieces) {
            Err(_) if pieces.failed => Ok(()),
            result => result,
        }
    }

    /// Tells on stderr what a user wants to know but no program, not with `--quiet`.
    pub fn note(&self, lines: &str) {
        if self.form.loudness > Loudness::Quiet {
            self.stderr(lines);
        }
    }

    /// Returns whether a program reads what is written.
    pub const fn is_json(&self) -> bool {
        self.form.json
    }

    /// Returns whether a user asked to be told more.
    pub fn is_verbose(&self) -> bool {
        self.form.loudness == Loudness::Verbose
    }

    /// Tells of a failure and remembers it for the run's exit code and the JSON document.
    pub fn fault(&self, failure: &Failure) {
        let told = failure.told(&self.text);
        let place = match (told.line, told.column) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}: ", told.file.as_deref().unwrap_or_default()),
            (Some(line), None) => {
                format!("{}:{line}: ", told.file.as_deref().unwrap_or_default())
            }
            _ => String::new(),
        };
        let (bold, end) = if self.colour { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
        let mut message = format!("{bold}{}:{end} {}{}\n", told.heading, escape(&place), escape(&told.message));
        for line in [
            told.cause.as_ref().map(|cause| self.text.say("cause", &[("cause", cause.as_str().into())])),
            told.hint.as_ref().map(|hint| self.text.say("hint", &[("hint", hint.as_str().into())])),
        ]
        .into_iter()
        .flatten()
        {
            message.push_str("  ");
            message.push_str(&escape(&line));
            message.push('\n');
        }
        self.write_stderr(&message);
        self.remember(failure.exit(), told);
    }

    /// Remembers a failure that was told already.
    pub fn remember(&self, exit: Exit, told: Told) {
        let mut state = self.state();
        state.exit = state.exit.and(exit);
        let graver = match &state.gravest {
            None => true,
            Some((known, _)) => *known != exit && known.and(exit) == exit,
        };
        if graver {
            state.gravest = Some((exit, told));
        }
    }

    /// Returns whether nobody reads stdout any more.
    pub fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Ends the output and returns what the run comes to, `exit` and all failures together.
    pub fn finish(&self, exit: Exit) -> Exit {
        let mut state = self.state();
        let mut exit = exit.and(state.exit);
        if self.form.json {
            state.open(&self.form);
            let error = state.gravest.take().map(|(_, told)| told);
            let also = std::mem::take(&mut state.also);
            let (lines, schema) = (self.form.lines, self.form.schema());
            state.write(|out| {
                if lines {
                    write!(out, "{{\"schema\":\"{schema}\"")?;
                } else {
                    out.write_all(b"]")?;
                }
                for (name, value) in &also {
                    write!(out, ",\"{name}\":")?;
                    serde_json::to_writer(&mut *out, value)?;
                }
                out.write_all(b",\"error\":")?;
                serde_json::to_writer(&mut *out, &error)?;
                writeln!(out, ",\"exit\":{}}}", exit.code())
            });
        }
        if self.form.nagios {
            let line = match (&state.figures, &state.gravest) {
                (Some(figures), _) => nagios::line(figures, exit, Timestamp::now(), &self.text),
                (None, told) => nagios::failed(exit, told.as_ref().map_or("", |(_, told)| &told.message)),
            };
            state.write(|out| writeln!(out, "{line}"));
        }
        state.write(|out| out.flush());
        let fault = state.fault.take();
        drop(state);
        if let Some(error) = fault {
            let failure = Failure::new(Kind::Io, "stdout").because_io(&error);
            exit = exit.and(failure.exit());
            self.fault(&failure);
        }
        exit
    }

    /// Writes to stderr at once, without any lock: for the moment in which the program fails itself.
    pub fn last_words(line: &str) {
        let _ = writeln!(io::stderr(), "{}", escape(line));
    }

    fn stderr(&self, lines: &str) {
        let mut message = String::with_capacity(lines.len() + 1);
        for line in lines.lines() {
            message.push_str(&escape(line));
            message.push('\n');
        }
        self.write_stderr(&message);
    }

    fn write_stderr(&self, message: &str) {
        // Whoever closes stderr does not want to be told.
        self.bar.suspend(|| {
            let _ = self.state().stderr.write_all(message.as_bytes());
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stdout for a document that comes in pieces.
struct Pieces<'a> {
    output: &'a Output,
    failed: bool,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.output.state();
        state.write(|out| out.write_all(bytes));
        self.failed = state.closed || state.fault.is_some();
        if self.failed { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl State {
    fn open(&mut self, form: &Form) {
        if std::mem::replace(&mut self.opened, true) {
            return;
        }
        if !form.lines {
            self.write(|out| write!(out, "{{\"schema\":\"{}\",\"results\":[", form.schema()));
        }
    }

    fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.closed || self.fault.is_some() {
            return;
        }
        match write(&mut *self.stdout) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => self.fault = Some(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::cli::text::Language;

    struct Pipe(mpsc::Sender<Vec<u8>>, Option<io::ErrorKind>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(kind) = self.1 {
                return Err(kind.into());
            }
            self.0.send(bytes.to_vec()).unwrap();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(json: bool, fault: Option<io::ErrorKind>) -> (Output, impl FnOnce() -> String) {
        let (sender, receiver) = mpsc::channel();
        let form = Form { json, document: "list".to_owned(), ..Form::default() };
        let text = Arc::new(Text::new(Language::En));
        let output = Output::to(Box::new(Pipe(sender, fault)), Box::new(io::sink()), form, text);
        let written = move || String::from_utf8(receiver.try_iter().flatten().collect()).unwrap();
        (output, written)
    }

    #[test]
    fn json_is_one_document_with_the_gravest_failure() {
        let (output, written) = output(true, None);
        output.result(&serde_json::json!({"path": "a\u{202e}\x1b"}), |_| "not this".to_owned());
        output.result(&2, |_| String::new());
        output.lines("nor this");
        for kind in [Kind::Refused, Kind::Integrity, Kind::Io] {
            output.fault(&Failure::new(kind, "stopped"));
        }
        assert_eq!(output.finish(Exit::Refused), Exit::Integrity);
        let document: serde_json::Value = serde_json::from_str(&written()).unwrap();
        assert_eq!(document["schema"], "earchiv.list/1");
        assert_eq!(document["exit"], 5);
        assert_eq!(document["results"][0]["path"], "a\u{202e}\u{1b}");
        assert_eq!(document["results"][1], 2);
        assert_eq!(document["error"]["code"], "stopped");
    }

    #[test]
    fn json_without_results_and_failures() {
        let (output, written) = output(true, None);
        assert_eq!(output.finish(Exit::Done), Exit::Done);
        assert_eq!(written(), "{\"schema\":\"earchiv.list/1\",\"results\":[],\"error\":null,\"exit\":0}\n");
    }

    #[test]
    fn text_is_escaped_line_by_line() {
        let (output, written) = output(false, None);
        output.result(&1, |_| "a\x1b[2J\nb\u{202e}".to_owned());
        output.raw("\x1b[1m");
        output.finish(Exit::Done);
        assert_eq!(written(), "a\\u{1b}[2J\nb\\u{202e}\n\x1b[1m");
    }

    #[test]
    fn a_closed_pipe_is_no_fault_and_a_full_disk_is_one() {
        for (kind, exit, closed) in
            [(io::ErrorKind::BrokenPipe, Exit::Done, true), (io::ErrorKind::StorageFull, Exit::Io, false)]
        {
            let (output, _) = output(false, Some(kind));
            output.lines("a");
            output.lines("b");
            assert_eq!(output.is_closed(), closed);
            assert_eq!(output.finish(Exit::Done), exit);
        }
    }
}
