//! E-ARK packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Options, Standard, Validated, outside};
use crate::archive::examine::{Examined, examine_as, not_a_package, unopened};
use crate::package::eark::METS;
use crate::package::eark::derive::MetadataKind;
use crate::package::eark::mets::is_representation_mets;
use crate::package::reader::PackageReader;
use crate::task::{Cancelled, Event, Watch};

/// Judges the E-ARK package in the folder at `path`; any other file is none.
pub(super) fn validate(path: &Path, options: &Options, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    if path.is_file() {
        return Ok(Validated { findings: vec![not_a_package(path)], ..Validated::nothing(Standard::Eark) });
    }
    match PackageReader::open_folder(&root(path)) {
        Ok(reader) => judge(&reader, options, watch),
        Err(error) => Ok(Validated { findings: vec![unopened(&error)], ..Validated::nothing(Standard::Eark) }),
    }
}

/// Returns whether there is a METS document as packages have it, and what is there is declared to be nothing else.
pub(super) fn is_package(reader: &PackageReader) -> bool {
    reader.find(METS).is_some() && reader.find("bagit.txt").is_none()
}

/// Judges an opened package.
pub(super) fn judge(reader: &PackageReader, options: &Options, watch: Watch<'_>) -> Result<Validated, Cancelled> {
    let files = reader.parts().len() as u64;
    let bytes = reader.parts().iter().map(|part| part.size).sum();
    let mut judged = Validated { files, bytes, ..Validated::nothing(Standard::Eark) };
    watch.progress.report(Event::Extended { files: judged.files, bytes: judged.bytes });
    let Examined { summary, metadata, claim, version, findings, answers } = examine_as(reader, options.spec, watch)?;
    judged.kind = claim.kind.map(|kind| kind.name().to_owned()).unwrap_or_default();
    version.name().clone_into(&mut judged.version);
    judged.id = summary.object;
    (judged.findings, judged.answers) = (findings, answers);
    if let Some(schemas) = &options.schemas {
        judged.findings.extend(outside::compare(schemas, reader, documents(reader, &metadata), watch)?);
    }
    Ok(judged)
}

/// Returns the folder of the package that lies at `path`: what was packed without its folder's name, or unpacked into a folder of
/// its own, is one level down.
fn root(path: &Path) -> PathBuf {
    let has_mets = |folder: &Path| {
        let mut names = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.any(|name| name.eq_ignore_ascii_case(METS))
    };
    let within = || {
        let mut folders =
            path.read_dir().ok()?.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let (folder, another) = (folders.next()?.path(), folders.next());
        (another.is_none() && has_mets(&folder)).then_some(folder)
    };
    let is_folder = path.symlink_metadata().is_ok_and(|status| status.is_dir());
    let inner = if is_folder && !has_mets(path) { within() } else { None };
    inner.unwrap_or_else(|| path.to_owned())
}

/// Returns the METS documents of a package and what they call metadata.
fn documents<'a>(
    reader: &'a PackageReader,
    metadata: &'a BTreeMap<String, MetadataKind>,
) -> impl Iterator<Item = &'a str> {
    let mets = reader.parts().iter().map(|part| part.path).filter(|path| *path == METS || is_representation_mets(path));
    mets.chain(metadata.keys().map(String::as_str).filter(|path| path.to_ascii_lowercase().ends_with(".xml")))
}
