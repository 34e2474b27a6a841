//! `earchiv dispose`: removes packages on order and leaves tombstones, told so that it can be filed.

use std::ffi::OsString;

use clap::{Args, ValueEnum};
use earchiv::archive::dispose::{Cases, Disposed, Order, State};
use earchiv::archive::{Archive, ArchiveError};
use earchiv::catalogue::Catalogue;
use earchiv::model::disposal::{self, Flaw};
use earchiv::model::package::PackageId;
use serde_json::{Value, json};

use super::accession::row;
use super::error::{Failure, Kind};
use super::exit::Exit;
use super::faults;
use super::items::ListFile;
use super::options::{Context, Reading, Writing};
use super::reach::Reach;
use super::text::Text;

/// Removes packages on order and leaves tombstones.
#[derive(Debug, Args)]
pub struct Dispose {
    #[command(flatten)]
    archive: Reading,
    #[command(flatten)]
    writing: Writing,
    /// The number of the order.
    #[arg(long, value_name = "NUMBER")]
    order: String,
    /// The first person.
    #[arg(long, value_name = "NAME")]
    first: String,
    /// The second person.
    #[arg(long, value_name = "NAME")]
    second: String,
    /// Why.
    #[arg(long, value_name = "GROUND", default_value = "order", hide_default_value = true)]
    ground: Ground,
    /// Says only what would be done.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    list: ListFile,
    /// The packages.
    #[arg(value_name = "ID", required_unless_present = "files_from")]
    ids: Vec<OsString>,
}

/// Why packages are disposed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Ground {
    /// The order itself says why.
    Order,
    /// A court ordered it.
    CourtOrder,
    /// It was delivered by mistake.
    Misdelivery,
    /// A term has ended.
    TermEnd,
}

impl From<Ground> for disposal::Ground {
    fn from(ground: Ground) -> Self {
        match ground {
            Ground::Order => Self::Order,
            Ground::CourtOrder => Self::CourtOrder,
            Ground::Misdelivery => Self::Misdelivery,
            Ground::TermEnd => Self::TermEnd,
        }
    }
}

impl Dispose {
    /// Returns where the command writes.
    pub fn reach(&self, cx: &Context<'_>) -> Reach {
        let root = self.archive.named(cx);
        if self.dry_run { Reach::reading(root) } else { Reach::archive(root).and_specials() }
    }

    /// Runs the command.
    pub fn run(&self, cx: &Context<'_>) -> Result<Exit, Failure> {
        disposal::check(&self.order, &self.first, &self.second).map_err(flaw)?;
        let order = Order {
            number: self.order.clone(),
            ground: self.ground.into(),
            first: self.first.clone(),
            second: self.second.clone(),
        };
        let ids = self.ids()?;
        let archive = self.archive.open(cx)?;
        // Asked before the lock is taken: nothing is to be written where it cannot be done at all.
        archive.require_changeable()?;
        if self.dry_run {
            cx.out.note(&cx.text().say("dry-run", &[]));
            let catalogue = archive.catalogue()?;
            let cases = Cases::read(&archive, &ids, &order)?;
            return each(cx, &ids, |id| planned(&cases, &archive, &catalogue, id, cx));
        }
        let mut writer = archive.writer(self.writing.actor(cx), self.writing.wait, cx.cancel)?;
        let cases = Cases::read(&archive, &ids, &order)?;
        each(cx, &ids, |id| cases.dispose(&mut writer, id, cx.watch()))
    }

    /// Returns the packages of the call, each once.
    fn ids(&self) -> Result<Vec<PackageId>, Failure> {
        let mut ids = Vec::new();
        for word in self.list.with(&self.ids)? {
            let word = word.to_string_lossy();
            let id = PackageId::parse(&word).ok_or_else(|| faults::no_id(&word))?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return Err(Failure::new(Kind::Usage, "list-empty"));
        }
        Ok(ids)
    }
}

fn planned(
    cases: &Cases<'_>,
    archive: &Archive,
    catalogue: &Catalogue,
    id: PackageId,
    cx: &Context<'_>,
) -> Result<Disposed, ArchiveError> {
    cases.plan(archive, catalogue, id, cx.watch())
}

/// Has `work` done for one package after the other; one that must not be disposed of does not keep it from the others.
fn each(
    cx: &Context<'_>,
    ids: &[PackageId],
    mut work: impl FnMut(PackageId) -> Result<Disposed, ArchiveError>,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for id in ids {
        cx.cancel.check()?;
        match work(*id) {
            Ok(disposed) => show(cx, &disposed),
            Err(error @ (ArchiveError::NoPackage { .. } | ArchiveError::NotDisposed { .. })) => {
                let failure = Failure::from(error);
                let value = json!({ "package": id, "state": "refused", "reason": failure.code() });
                cx.out.result(&value, |_| String::new());
                cx.out.fault(&failure);
                exit = exit.and(failure.exit());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(exit)
}

fn flaw(flaw: Flaw) -> Failure {
    match flaw {
        Flaw::OrderEmpty => Failure::new(Kind::Usage, "dispose-order-empty"),
        Flaw::PersonEmpty => Failure::new(Kind::Usage, "dispose-person-empty"),
        Flaw::SamePerson => Failure::new(Kind::Usage, "dispose-same-person"),
        Flaw::Unfit => Failure::new(Kind::Usage, "dispose-unfit"),
    }
}

fn show(cx: &Context<'_>, done: &Disposed) {
    let mut value = disposal_json(&done.tombstone.disposal);
    value["state"] = state(done.state).into();
    value["disposed"] = done.tombstone.disposed.to_string().into();
    value["place"] = done.place.clone().into();
    value["copies"] = done.copies.clone().into();
    value["missing"] = done.missing.into();
    if let Some(head) = &done.head {
        value["journal"] = head.to_string().into();
    }
    cx.out.result(&value, |text| page(done, text));
}

const fn state(state: State) -> &'static str {
    match state {
        State::Disposed => "disposed",
        State::Already => "already-disposed",
        State::Planned => "planned",
    }
}

/// Returns a disposal as it stands in results.
pub fn disposal_json(disposal: &disposal::Disposal) -> Value {
    serde_json::to_value(disposal).unwrap_or_default()
}

/// Returns why a package was disposed of, as people write it.
pub fn ground(code: &str, text: &Text) -> String {
    match disposal::Ground::ALL.into_iter().find(|ground| ground.name() == code) {
        Some(disposal::Ground::Order) => text.say("ground-order", &[]),
        Some(disposal::Ground::CourtOrder) => text.say("ground-court-order", &[]),
        Some(disposal::Ground::Misdelivery) => text.say("ground-misdelivery", &[]),
        Some(disposal::Ground::TermEnd) => text.say("ground-term-end", &[]),
        None => code.to_owned(),
    }
}

/// Adds what a disposal says, line by line.
pub fn rows(page: &mut String, disposal: &disposal::Disposal, text: &Text) {
    row(page, &text.say("field-package", &[]), &disposal.package.to_string());
    row(page, &text.say("field-accession", &[]), &disposal.accession);
    row(page, &text.say("field-order", &[]), &disposal.order);
    row(page, &text.say("field-ground", &[]), &ground(&disposal.ground, text));
    row(page, &text.say("field-first", &[]), &disposal.first);
    row(page, &text.say("field-second", &[]), &disposal.second);
    row(page, &text.say("field-files", &[]), &text.number(disposal.files));
    row(page, &text.say("field-bytes", &[]), &text.bytes(disposal.bytes));
    row(page, &text.say("field-content", &[]), &disposal.content);
    row(page, &text.say("field-inventory", &[]), &disposal.inventory);
}

fn page(done: &Disposed, text: &Text) -> String {
    let disposal = &done.tombstone.disposal;
    let order = [("order", disposal.order.as_str().into()), ("package", disposal.package.to_string().into())];
    let mut page = match done.state {
        State::Disposed => text.say("dispose-done", &order),
        State::Already => text.say("dispose-already", &order),
        State::Planned => text.say("dispose-planned", &order),
    };
    page.push('\n');
    rows(&mut page, disposal, text);
    if done.state != State::Planned {
        row(&mut page, &text.say("field-disposed", &[]), &done.tombstone.disposed.to_string());
        row(&mut page, &text.say("field-tombstone", &[]), &done.place);
    }
    if let Some(head) = &done.head {
        row(&mut page, &text.say("field-journal", &[]), &head.to_string());
    }
    row(&mut page, &text.say("field-copies", &[]), &done.copies.join(", "));
    if done.missing {
        page.push_str(&text.say("dispose-missing", &[]));
        page.push('\n');
    }
    page.push_str(&text.say("dispose-not-promised", &[]));
    page.push('\n');
    page
}
