//! What a user sees: commands and options, results, progress, failures and exit codes, in German and English.
//!
//! Each command has a file with its arguments and one function; only [`run`] turns an outcome into an exit code.

mod access;
mod accession;
mod amend;
mod answers;
mod audit;
mod audit_report;
mod catalogue;
mod causes;
mod compare;
mod completions;
mod confine;
mod courtesy;
mod delivery;
mod dispose;
mod doctor;
mod early;
mod error;
mod exit;
mod explain;
mod export;
mod faults;
mod findings;
mod help;
mod hook;
mod inbox;
mod ingest;
mod init;
mod inspect;
mod items;
mod journal;
mod list;
mod man;
mod metrics;
mod migrate;
mod monitoring;
mod nagios;
mod options;
mod output;
mod overview;
mod pack;
mod profile;
mod progress;
mod quantity;
mod reach;
mod repair;
mod replicate;
mod report;
mod scribe;
mod settings;
mod show;
mod stop;
mod table_fault;
mod text;
mod validate;
mod verify;
mod wrong_call;

use std::env;
use std::ffi::OsString;
use std::panic;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use confine::confine;
use early::Early;
use error::{Failure, Kind};
use exit::Exit;
use options::{Context, Global};
use output::{Form, Loudness, Output};
use reach::Reach;
use settings::Settings;
use text::{Language, Text};

/// Fills a digital archive and proves that its holdings stay intact.
#[derive(Debug, Parser)]
#[command(name = "earchiv", version)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Pack(pack::Pack),
    Ingest(ingest::Ingest),
    Inspect(inspect::Inspect),
    Validate(validate::Validate),
    Verify(verify::Verify),
    Audit(Audits),
    List(list::List),
    Show(show::Show),
    #[command(subcommand)]
    Accession(accession::Accession),
    Compare(compare::Compare),
    Doctor(doctor::Doctor),
    Export(export::Export),
    Amend(amend::Amend),
    Dispose(dispose::Dispose),
    Repair(repair::Repair),
    Replicate(replicate::Replicate),
    Migrate(migrate::Migrate),
    #[command(subcommand)]
    Access(access::Access),
    #[command(subcommand)]
    Profile(profile::Profile),
    #[command(subcommand)]
    Catalogue(catalogue::Catalogue),
    #[command(subcommand)]
    Journal(journal::Journal),
    Completions(completions::Completions),
    Man(man::Man),
}

/// An audit, or what is made of audits.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
struct Audits {
    #[command(flatten)]
    audit: audit::Audit,
    #[command(subcommand)]
    other: Option<OfAudits>,
}

#[derive(Debug, Subcommand)]
enum OfAudits {
    Merge(audit::merge::Merge),
    Report(audit_report::AuditReport),
}

impl Audits {
    fn prepare(&self, cx: &Context<'_>) {
        if self.other.is_none() {
            self.audit.prepare(cx);
        }
    }

    fn reach(&self, cx: &Context<'_>) -> Reach {
        match &self.other {
            Some(OfAudits::Merge(command)) => command.reach(cx),
            Some(OfAudits::Report(command)) => command.reach(cx),
            None => self.audit.reach(cx),
        }
    }

    fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        match &self.other {
            Some(OfAudits::Merge(command)) => command.run(cx),
            Some(OfAudits::Report(command)) => command.run(cx),
            None => self.audit.run(cx),
        }
    }
}

impl Command {
    /// Does what has to be done before rights are given up and threads are started.
    fn prepare(&self, cx: &Context<'_>) {
        match self {
            Self::Verify(command) => command.prepare(cx),
            Self::Audit(command) => command.prepare(cx),
            Self::Replicate(command) => command.prepare(cx),
            _ => {}
        }
    }

    /// Returns where the command writes; `None` where it gives up its rights itself.
    fn reach(&self, cx: &Context<'_>) -> Option<Reach> {
        Some(match self {
            Self::Init(command) => command.reach(),
            Self::Pack(command) => command.reach(),
            Self::Ingest(command) => command.reach(cx),
            Self::Inspect(_) => inspect::Inspect::reach(),
            Self::Validate(command) => command.reach(),
            Self::Verify(command) => command.reach(cx),
            Self::Audit(command) => command.reach(cx),
            Self::List(command) => command.reach(cx),
            Self::Show(command) => command.reach(cx),
            Self::Accession(command) => command.reach(cx),
            Self::Compare(_) => compare::Compare::reach(),
            Self::Doctor(_) => return None,
            Self::Export(command) => command.reach(cx),
            Self::Amend(command) => command.reach(cx),
            Self::Dispose(command) => command.reach(cx),
            Self::Repair(command) => command.reach(cx),
            Self::Replicate(command) => command.reach(cx),
            Self::Migrate(command) => command.reach(cx),
            Self::Access(command) => command.reach(cx),
            Self::Catalogue(command) => command.reach(cx),
            Self::Journal(command) => command.reach(cx),
            Self::Man(command) => command.reach(),
            Self::Profile(_) | Self::Completions(_) => Reach::nothing(),
        })
    }

    fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        match self {
            Self::Init(command) => command.run(cx),
            Self::Pack(command) => command.run(cx),
            Self::Ingest(command) => command.run(cx),
            Self::Inspect(command) => command.run(cx),
            Self::Validate(command) => command.run(cx),
            Self::Verify(command) => command.run(cx),
            Self::Audit(command) => command.run(cx),
            Self::List(command) => command.run(cx),
            Self::Show(command) => command.run(cx),
            Self::Accession(command) => command.run(cx),
            Self::Compare(command) => command.run(cx),
            Self::Doctor(command) => command.run(cx),
            Self::Export(command) => command.run(cx),
            Self::Amend(command) => command.run(cx),
            Self::Dispose(command) => command.run(cx),
            Self::Repair(command) => command.run(cx),
            Self::Replicate(command) => command.run(cx),
            Self::Migrate(command) => command.run(cx),
            Self::Access(command) => command.run(cx),
            Self::Profile(command) => command.run(cx),
            Self::Catalogue(command) => command.run(cx),
            Self::Journal(command) => command.run(cx),
            Self::Completions(command) => Ok(command.run(cx)),
            Self::Man(command) => command.run(cx),
        }
    }
}

/// Runs the program with the arguments of this process and returns its exit code.
pub fn run() -> u8 {
    panic::catch_unwind(called).unwrap_or(Exit::Bug.code())
}

fn called() -> u8 {
    let arguments: Vec<OsString> = env::args_os().collect();
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let early = Early::of(arguments.get(1..).unwrap_or_default(), &names);
    let settings = Settings::read(early.config.as_deref(), settings::variable);
    let text = Arc::new(Text::new(language(&early, &settings)));
    tell_panics(&text);
    let nagios = early.nagios;
    let code = |exit: Exit| if nagios { nagios::State::of(exit).code() } else { exit.code() };

    let mut localized = help::localized(command, &text);
    let with_name = |matches: ArgMatches| Cli::from_arg_matches(&matches).map(|cli| (cli, name(&matches)));
    let (cli, document) = match localized.try_get_matches_from_mut(&arguments).and_then(with_name) {
        Ok(cli) => cli,
        Err(error) => return code(answer(&error, &mut localized, early, text)),
    };
    let form = Form {
        json: cli.global.json || cli.global.json_lines,
        lines: cli.global.json_lines,
        document,
        loudness: match (cli.global.quiet, cli.global.verbose) {
            (true, _) => Loudness::Quiet,
            (false, 0) => Loudness::Normal,
            (false, _) => Loudness::Verbose,
        },
        plain: cli.global.no_color || settings::variable("NO_COLOR").is_some(),
        nagios,
    };
    let out = Arc::new(Output::new(form, text));
    let exit = guarded(&out, || {
        start_logging()?;
        let cx = Context::new(&out, settings?.under(&cli.global));
        cli.command.prepare(&cx);
        // Before the first thread: what was started earlier would stay free.
        if let Some(reach) = cli.command.reach(&cx) {
            confine(&reach)?;
        }
        listen(&out)?;
        cli.command.run(&cx)
    });
    code(out.finish(exit))
}

/// Returns the name of the command that was called, nested ones joined by `-`.
fn name(matches: &ArgMatches) -> String {
    let nested = std::iter::successors(matches.subcommand(), |(_, matches)| matches.subcommand());
    nested.map(|(name, _)| name).collect::<Vec<_>>().join("-")
}

/// Answers a call that clap did not turn into a command: asked for help or version, or wrong.
fn answer(error: &clap::Error, command: &mut clap::Command, early: Early, text: Arc<Text>) -> Exit {
    let called = early.command.clone();
    let form = Form { json: early.json, nagios: early.nagios, document: early.command, ..Form::default() };
    let plain = Output::new(Form { json: false, nagios: false, ..form.clone() }, Arc::clone(&text));
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            plain.raw(&error.render().to_string());
            plain.finish(Exit::Done)
        }
        _ => {
            let out = Output::new(form, text);
            if matches!(
                error.kind(),
                ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            ) {
                let help = match command.find_subcommand_mut(&called) {
                    Some(nested) => nested.render_help(),
                    None => command.render_help(),
                };
                out.note(&help.to_string());
            }
            out.fault(&wrong_call::failure(error));
            out.finish(Exit::Done)
        }
    }
}

/// Has a panic told in one line on stderr; nobody but us can use a back trace.
fn tell_panics(text: &Arc<Text>) {
    let text = Arc::clone(text);
    panic::set_hook(Box::new(move |info| {
        let told = bug(info.location(), info.payload_as_str()).told(&text);
        Output::last_words(&format!("{}: {}", told.heading, told.message));
    }));
}

/// Runs `work`; a failure is told, a panic, which was told already, comes to exit code 1.
fn guarded(out: &Output, work: impl FnOnce() -> Result<Exit, Failure>) -> Exit {
    match panic::catch_unwind(panic::AssertUnwindSafe(work)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            out.fault(&failure);
            failure.exit()
        }
        Err(payload) => {
            let said = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            let failure = bug(None, said);
            out.remember(failure.exit(), failure.told(out.text()));
            failure.exit()
        }
    }
}

fn bug(place: Option<&panic::Location<'_>>, said: Option<&str>) -> Failure {
    Failure::new(Kind::Bug, "bug")
        .with("place", place.map_or_else(|| "–".to_owned(), ToString::to_string))
        .with("said", said.unwrap_or("–").to_owned())
}

fn language(early: &Early, settings: &Result<Settings, Failure>) -> Language {
    early
        .language
        .as_deref()
        .and_then(Language::named)
        .or_else(|| settings.as_ref().ok().and_then(|settings| settings.language))
        .or_else(|| {
            let value = settings::variable("EARCHIV_LANG")?;
            Language::named(value.to_str()?)
        })
        .unwrap_or_else(settings::locale_language)
}

fn listen(out: &Arc<Output>) -> Result<(), Failure> {
    let teller = Arc::clone(out);
    stop::listen(move || teller.note(&teller.text().say("stopping", &[])))
        .map_err(|error| Failure::new(Kind::Io, "signals").because_io(&error))
}

/// Writes log lines to stderr if `EARCHIV_LOG` says which (`info`, `earchiv=debug`).
fn start_logging() -> Result<(), Failure> {
    let Some(value) = settings::variable("EARCHIV_LOG") else {
        return Ok(());
    };
    let filter = value
        .to_str()
        .and_then(|value| tracing_subscriber::EnvFilter::try_new(value).ok())
        .ok_or_else(|| settings::wrong("EARCHIV_LOG", &value))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(std::io::stderr).init();
    Ok(())
}
