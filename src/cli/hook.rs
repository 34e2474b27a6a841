//! `--hook COMMAND`: what a user wants to be done when something was found, such as sending a mail.
//!
//! The program gives up the right to start others before it reads its first package. So the command's shell is started before that, and waits at
//! a pipe: it runs the command once it is told to, and ends when the pipe does, also where this process is killed. The report lies in
//! memory that both share and is complete before the word is given, so no command ever sees half of one.

use std::fs::File;
use std::io::{self, BufWriter, PipeWriter, Write};
use std::os::unix::fs::FileExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use earchiv::task::{Cancel, Cancelled};
use rustix::fs::{MemfdFlags, memfd_create};

use super::exit::Exit;
use super::text::Text;

/// The shell that waits: its standard output is the pipe at which it reads until the word comes, so that the command can have the
/// report as its standard input. Descriptors that the caller of this program left open are none of the command's business.
const WAITING: &str = r#"
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
IFS=' ' read -r word EARCHIV_EXIT EARCHIV_FINDINGS <&1 || exit 0
[ "$word" = run ] || exit 0
export EARCHIV_EXIT EARCHIV_FINDINGS
exec /bin/sh -c "$1" >&2
"#;

/// How long a command is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// How much of what a command says is told.
const WORDS: usize = 2000;

/// Why a command did not do its work. That never changes what the run comes to.
#[derive(Debug, thiserror::Error)]
pub enum HookFault {
    /// It could not be started or given the report.
    #[error("the hook could not be started")]
    Start(#[from] io::Error),
    /// It ended with a failure.
    #[error("the hook failed: {status}")]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// The end of what it said.
        said: String,
    },
    /// It is still running, and was not waited for any longer.
    #[error("the hook is still running")]
    Running,
}

impl HookFault {
    /// Returns what is told of it.
    pub fn told(&self, text: &Text) -> String {
        match self {
            Self::Start(error) => text.say("hook-not-started", &[("cause", error.to_string().into())]),
            Self::Failed { status, said } => {
                let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap_or_default();
                let lines = [text.say("hook-failed", &[("code", i64::from(code).into())])];
                lines.iter().map(String::as_str).chain(said.lines()).collect::<Vec<_>>().join("\n  ")
            }
            Self::Running => text.say("hook-running", &[]),
        }
    }
}

/// A command that waits for its word.
#[derive(Debug)]
pub struct Hook {
    /// `None` once it need not be waited for.
    child: Option<Child>,
    /// The word goes in here; closed, it ends the child.
    word: Option<PipeWriter>,
    report: File,
    said: File,
}

impl Hook {
    /// Starts the shell that waits to run `command`. It has a process group of its own: Ctrl-C is not for it.
    pub fn start(command: &str) -> Result<Self, HookFault> {
        let memory = |name: &str| memfd_create(name, MemfdFlags::CLOEXEC).map(File::from).map_err(io::Error::from);
        let (report, said) = (memory("report")?, memory("said")?);
        let (ear, word) = io::pipe()?;
        let child = Command::new("/bin/sh")
            .args(["-c", WAITING, "earchiv-hook", command])
            .stdin(report.try_clone()?)
            .stdout(ear)
            .stderr(said.try_clone()?)
            .process_group(0)
            .spawn()?;
        Ok(Self { child: Some(child), word: Some(word), report, said })
    }

    /// Runs the command with what `report` writes as its standard input, and waits until it has ended.
    ///
    /// In its environment stand `EARCHIV_EXIT`, the exit code that the run will have, and `EARCHIV_FINDINGS`, their number.
    pub fn run(
        mut self,
        exit: Exit,
        findings: u64,
        cancel: &Cancel,
        report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), HookFault> {
        let mut out = BufWriter::new(Placed { file: &self.report, at: 0 });
        report(&mut out)?;
        out.flush()?;
        drop(out);
        if let Some(mut word) = self.word.take() {
            // A shell that is gone says below how it ended.
            let _ = word.write_all(format!("run {} {findings}\n", exit.code()).as_bytes());
        }
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let end = Instant::now() + PATIENCE;
        loop {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(HookFault::Failed { status, said: self.last_words() }),
                None if Instant::now() >= end => return Err(HookFault::Running),
                None => cancel.wait(Duration::from_millis(20)).map_err(|Cancelled| HookFault::Running)?,
            }
        }
    }

    fn last_words(&self) -> String {
        let length = self.said.metadata().map_or(0, |found| found.len());
        let mut words = vec![0; WORDS.min(usize::try_from(length).unwrap_or(WORDS))];
        let at = length.saturating_sub(words.len() as u64);
        let read = self.said.read_at(&mut words, at).unwrap_or(0);
        String::from_utf8_lossy(words.get(..read).unwrap_or_default()).trim().to_owned()
    }
}

impl Drop for Hook {
    /// Ends the shell without the command.
    fn drop(&mut self) {
        self.word = None;
        if let Some(mut child) = self.child.take() {
            let _ = child.wait();
        }
    }
}

/// Writes by position: the place at which the other side reads stays at the beginning.
struct Placed<'a> {
    file: &'a File,
    at: u64,
}

impl Write for Placed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write_at(bytes, self.at)?;
        self.at += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Stdio;

    use super::*;
    use crate::cli::text::Language;

    /// What a run of `command` in a new folder leaves in the file `out` there, and how it ended.
    fn run(command: &str, report: &[u8]) -> (String, Result<(), HookFault>) {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let command = command.replace("OUT", out.to_str().unwrap());
        let hook = Hook::start(&command).unwrap();
        let done = hook.run(Exit::Integrity, 3, &Cancel::new(), |out| out.write_all(report));
        (fs::read_to_string(out).unwrap_or_default(), done)
    }

    #[test]
    fn the_command_gets_the_whole_report() {
        // More than a pipe holds, and in one piece.
        let report = "{\"a\":\"ä\"}\n".repeat(1 << 16);
        let (out, done) = run("cat > OUT", report.as_bytes());
        done.unwrap();
        assert!(out == report, "{} bytes", out.len());
        let (out, done) = run("echo $EARCHIV_EXIT $EARCHIV_FINDINGS > OUT; cat >> OUT", b"report");
        done.unwrap();
        assert_eq!(out, "5 3\nreport");
    }

    #[test]
    fn without_the_word_nothing_is_run() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let hook = Hook::start(&format!("touch '{}'", out.display())).unwrap();
        drop(hook);
        // What is cut off in the middle is no word.
        let mut hook = Hook::start(&format!("touch '{}'", out.display())).unwrap();
        hook.word.as_mut().unwrap().write_all(b"run 5 3").unwrap();
        drop(hook);
        assert!(!out.exists());
        Hook::start(&format!("touch '{}'", out.display()))
            .unwrap()
            .run(Exit::Integrity, 1, &Cancel::new(), |_| Ok(()))
            .unwrap();
        assert!(out.exists());
    }

    #[test]
    fn a_report_that_cannot_be_written_runs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let hook = Hook::start(&format!("touch '{}'", out.display())).unwrap();
        let done = hook.run(Exit::Integrity, 1, &Cancel::new(), |out| {
            out.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(matches!(done, Err(HookFault::Start(_))), "{done:?}");
        assert!(!out.exists());
    }

    #[test]
    fn its_failure_is_told_with_its_words() {
        for (command, code, words) in [
            ("echo no such host >&2; exit 3", "3", "no such host"),
            ("kill -9 $$", "137", ""),
            ("not-there-x", "127", "not-there-x"),
        ] {
            let (_, done) = run(command, b"");
            for language in [Language::De, Language::En] {
                let told = done.as_ref().unwrap_err().told(&Text::new(language));
                assert!(told.contains(code) && told.contains(words), "{command}: {told}");
            }
        }
        // What it says on stdout is not ours either.
        let (_, done) = run("echo out; exit 1", b"");
        assert!(matches!(done, Err(HookFault::Failed { said, .. }) if said == "out"));
    }

    #[test]
    fn it_has_no_descriptors_and_no_terminal() {
        let (out, done) = run("ls -l /proc/self/fd > OUT; ps -o pgid= -p $$ >> OUT; echo $$ >> OUT", b"");
        done.unwrap();
        let links: Vec<(u32, &str)> = out
            .lines()
            .filter_map(|line| {
                let (before, target) = line.split_once(" -> ")?;
                Some((before.rsplit(' ').next()?.parse().ok()?, target))
            })
            // What the shells of some systems cannot close; of this program nothing is among them.
            .filter(|(number, _)| *number < 10)
            .collect();
        // stdin, stdout, which is the list here, stderr, and the folder that is listed.
        let numbers: Vec<u32> = links.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 1, 2, 3], "{out}");
        assert!(links.iter().all(|(_, link)| !link.contains("/dev/") && !link.contains("pipe:")), "{out}");
        assert_eq!(out.matches("memfd:").count(), 2, "{out}");
        let numbers: Vec<&str> = out.lines().rev().take(2).map(str::trim).collect();
        assert_eq!(numbers[0], numbers[1], "its own process group: {out}");
    }

    #[test]
    fn a_stop_does_not_wait_for_it() {
        let cancel = Cancel::new();
        cancel.request();
        let hook = Hook::start("sleep 2").unwrap();
        let begin = Instant::now();
        let done = hook.run(Exit::Integrity, 1, &cancel, |_| Ok(()));
        assert!(matches!(done, Err(HookFault::Running)), "{done:?}");
        assert!(begin.elapsed() < Duration::from_secs(1));
    }

    /// Two processes: the test starts itself once more, as one that is killed while its hook waits.
    #[test]
    fn a_killed_run_runs_nothing() {
        const VARIABLE: &str = "EARCHIV_TEST_HOOK";
        if let Some(folder) = std::env::var_os(VARIABLE) {
            let folder = Path::new(&folder);
            let hook = Hook::start(&format!("touch '{}'", folder.join("run").display())).unwrap();
            fs::write(folder.join("child"), hook.child.as_ref().unwrap().id().to_string()).unwrap();
            fs::rename(folder.join("child"), folder.join("waits")).unwrap();
            std::thread::sleep(Duration::from_mins(10));
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut run = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cli::hook::tests::a_killed_run_runs_nothing"])
            .env(VARIABLE, folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let until = |what: &dyn Fn() -> bool| {
            let end = Instant::now() + Duration::from_mins(1);
            while !what() {
                assert!(Instant::now() < end, "it takes too long");
                std::thread::sleep(Duration::from_millis(20));
            }
        };
        until(&|| folder.path().join("waits").exists());
        let child = fs::read_to_string(folder.path().join("waits")).unwrap();
        assert!(Path::new("/proc").join(&child).exists());
        run.kill().unwrap();
        run.wait().unwrap();
        // Gone, or a zombie where nobody looks after orphans.
        until(&|| fs::read_to_string(format!("/proc/{child}/stat")).map_or(true, |stat| stat.contains(") Z ")));
        assert!(!folder.path().join("run").exists());
    }
}
