//! `earchiv migrate`: gives an archive the newest format.

use clap::Args;
use earchiv::archive::migrate::{Migration, migrate, plan};
use serde_json::json;

use super::error::Failure;
use super::exit::Exit;
use super::options::{Context, Reading, Writing};
use super::text;

/// Gives an archive the newest format.
#[derive(Debug, Args)]
pub struct Migrate {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    /// Says only what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Migrate {
    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let root = self.archive.folder(cx)?;
        let done = if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
            plan(&self.archive.open(cx)?)
        } else {
            migrate(&root, self.writing.actor(cx), self.writing.wait, cx.cancel)?
        };
        let Migration { from, to } = done;
        let state = match (done.is_needed(), self.dry_run) {
            (false, _) => "already",
            (true, true) => "planned",
            (true, false) => "migrated",
        };
        let value = json!({ "archive": text::shown(&root), "state": state, "from": from, "to": to });
        cx.out.result(&value, |text| {
            let formats = [("from", from.to_string().into()), ("to", to.to_string().into())];
            match state {
                "already" => text.say("migrate-already", &formats),
                "planned" => text.say("migrate-planned", &formats),
                _ => text.say("migrate-done", &formats),
            }
        });
        Ok(Exit::Done)
    }
}
