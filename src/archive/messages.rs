//! xdomea messages as appraisal and answers see them: found in a delivery, objects listed, decisions read.

use std::collections::HashMap;
use std::path::Path;

use crate::appraisal::Listed;
use crate::io::xml::XmlError;
use crate::model::decision::{Appraisal, Decision, Decisions, Subject};
use crate::model::finding::{Code, Finding};
use crate::model::record::EntryKind;
use crate::source::SourceError;
use crate::source::tree::{Entry, Tree};
use crate::source::xdomea::{Message, MessageFault, Spool, SpoolError};
use crate::task::Cancel;

/// Reads the messages at `path`: an XML file, a ZIP with one, or a folder with any of these.
///
/// Messages stand at the top level of what holds them; further XML files are content. A message that cannot be read
/// refuses the whole.
pub(super) fn read(path: &Path, cancel: &Cancel) -> Result<Vec<Spool>, SourceError> {
    let tree = Tree::open(path, cancel)?;
    let mut found = Vec::new();
    collect(&tree, true, &mut found, cancel)?;
    if found.is_empty() {
        let finding = Finding::new(Code::MessageForeign).file(path.display().to_string());
        return Err(SourceError::Refused { path: path.to_owned(), finding: Box::new(finding) });
    }
    Ok(found)
}

fn collect(tree: &Tree, outermost: bool, found: &mut Vec<Spool>, cancel: &Cancel) -> Result<(), SourceError> {
    let top = |entry: &&Entry| entry.kind == EntryKind::File && entry.fault.is_none() && !entry.path.contains(&b'/');
    for entry in tree.entries().iter().filter(top) {
        cancel.check()?;
        let name = entry.name().to_ascii_lowercase();
        if name.ends_with(b".xml") {
            let refused = |finding: Finding| SourceError::Refused {
                path: tree.path().to_owned(),
                finding: Box::new(finding.file(entry.shown())),
            };
            let fault = |error: String| refused(Finding::new(Code::Unreadable).value(error));
            let mut source = tree.read(entry).map_err(|error| fault(error.to_string()))?;
            match Spool::read(&mut source, &entry.shown()) {
                Ok(spool) => found.push(spool),
                Err(SpoolError::Message(MessageFault::Foreign { .. })) => {}
                Err(SpoolError::Message(error)) => return Err(refused(error.finding(&entry.shown()))),
                Err(SpoolError::Io(error)) => return Err(fault(error.to_string())),
            }
        } else if outermost && (name.ends_with(b".zip") || name.ends_with(b".xdomea")) {
            collect(&tree.nested(entry, cancel)?, false, found, cancel)?;
        }
    }
    Ok(())
}

/// Returns all objects of a message, each before those in it.
pub(super) fn objects(spool: &Spool) -> Result<Vec<Listed>, XmlError> {
    let mut all = Vec::new();
    for root in &spool.message.objects {
        let base = all.len();
        let object = spool.object(root)?;
        let listed = Listed::all(std::slice::from_ref(&object.unit)).into_iter();
        all.extend(listed.map(|listed| Listed { parent: listed.parent.map(|at| at + base), ..listed }));
    }
    Ok(all)
}

/// Returns what the archive decided in the message (0502).
///
/// Marks that only both sides understand decide nothing, and neither do two that contradict each other.
pub(super) fn decisions(message: &Message) -> Decisions {
    let mut told: HashMap<Subject, Option<Appraisal>> = HashMap::new();
    for decision in &message.decisions {
        let mark = Appraisal::of_code(&decision.mark);
        told.entry(Subject::id(&decision.id))
            .and_modify(|known| *known = known.filter(|_| *known == mark))
            .or_insert(mark);
    }
    let header = &message.header;
    let mut decisions = Decisions::default();
    for (subject, appraisal) in told {
        if let Some(appraisal) = appraisal {
            let (who, when) = (header.sender.name().to_owned(), header.created.clone());
            decisions.add(subject, Decision { appraisal, who, when, why: String::new(), origin: message.file.clone() });
        }
    }
    decisions
}
