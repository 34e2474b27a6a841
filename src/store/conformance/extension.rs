//! Names of extensions that are registered with the OCFL community.

use super::codes::fault;
use super::content::odd;
use super::report::Report;
use super::unreadable;
use crate::io::below::Kind;
use crate::io::place::Place;

/// The folder of extensions, in objects and in storage roots.
pub const EXTENSIONS: &str = "extensions";

/// The registered names.
const REGISTERED: [&str; 13] = [
    "0001-digest-algorithms",
    "0002-flat-direct-storage-layout",
    "0003-hash-and-id-n-tuple-storage-layout",
    "0004-hashed-n-tuple-storage-layout",
    "0005-mutable-head",
    "0006-flat-omit-prefix-storage-layout",
    "0007-n-tuple-omit-prefix-storage-layout",
    "0008-schema-registry",
    "0009-digest-algorithms",
    "0010-differential-n-tuple-omit-prefix-storage-layout",
    "0011-direct-clean-path-layout",
    "0012-hash-and-no-prefix-id-n-tuple-storage-layout",
    // The extension that names the one to begin with.
    "initial",
];

/// Returns whether an extension of this name is registered.
pub fn is_registered(name: &str) -> bool {
    REGISTERED.contains(&name)
}

/// Checks the folder of extensions: nothing but folders (`stray`), called as registered extensions are (`unregistered`).
pub fn check(folder: &dyn Place, stray: &'static str, unregistered: Option<&'static str>, report: &mut Report) {
    let entries = match folder.entries(EXTENSIONS.as_bytes()) {
        Ok(entries) => entries,
        Err(error) => return report.add(unreadable(EXTENSIONS, &error)),
    };
    for (name, kind) in entries.iter() {
        let name = crate::model::path::shown(name);
        let path = format!("{EXTENSIONS}/{name}");
        match kind {
            Kind::Folder if is_registered(&name) => {}
            Kind::Folder => {
                if let Some(id) = unregistered {
                    report.add(fault(id).file(path).value(name));
                }
            }
            Kind::File => report.add(fault(stray).file(path).value(kind.name())),
            Kind::Link | Kind::Special => {
                report.add(fault(stray).file(&path).value(kind.name()));
                report.add(odd(&path, kind));
            }
        }
    }
}
