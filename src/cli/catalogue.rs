//! `earchiv catalogue`: the index of what is held.

use clap::Subcommand;
use earchiv::archive::rebuild::rebuild;
use serde_json::json;

use super::error::Failure;
use super::exit::Exit;
use super::options::{Context, Reading, Writing};
use super::reach::Reach;

/// The index of what is held.
#[derive(Debug, Subcommand)]
pub enum Catalogue {
    /// Makes the catalogue anew from store and journal.
    Rebuild {
        #[command(flatten)]
        archive: Reading,
        #[command(flatten)]
        writing: Writing,
    },
}

impl Catalogue {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let Self::Rebuild { archive, .. } = self;
        Reach::archive(archive.named(cx))
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        let Self::Rebuild { archive, writing } = self;
        let archive = archive.open(cx)?;
        cx.start_workers()?;
        let rebuilt = rebuild(&archive, writing.actor(cx), writing.wait, cx.watch())?;
        let value = json!({ "packages": rebuilt.packages, "accessions": rebuilt.accessions, "lost": rebuilt.lost });
        cx.out.result(&value, |text| {
            let counts = [("packages", rebuilt.packages.into()), ("accessions", rebuilt.accessions.into())];
            let mut lines = text.say("rebuilt", &counts);
            for id in &rebuilt.lost {
                lines.push('\n');
                lines.push_str(&text.say("rebuilt-lost", &[("package", id.as_str().into())]));
            }
            lines
        });
        Ok(if rebuilt.lost.is_empty() { Exit::Done } else { Exit::Integrity })
    }
}
