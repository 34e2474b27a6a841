//! The storage root's own files (OCFL 1.1, 4.1).

use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{StoreError, layout};
use crate::io::durable;
use crate::model::finding::{Code, Finding};

const NAMASTE: &str = "0=ocfl_1.1";
const EXTENSIONS: &str = "extensions";

/// The root's files and what they hold, in the order in which they are written.
const FILES: [(&str, &str); 3] = [
    (
        "extensions/0003-hash-and-id-n-tuple-storage-layout/config.json",
        "{\n  \"extensionName\": \"0003-hash-and-id-n-tuple-storage-layout\",\n  \"digestAlgorithm\": \"sha256\",\n  \
         \"tupleSize\": 3,\n  \"numberOfTuples\": 1\n}\n",
    ),
    (
        "ocfl_layout.json",
        "{\n  \"extension\": \"0003-hash-and-id-n-tuple-storage-layout\",\n  \"description\": \"One folder level: the first \
         three digits of the SHA-256 of the object identifier; below it the percent-encoded identifier\"\n}\n",
    ),
    (NAMASTE, "ocfl_1.1\n"),
];

/// Writes the root's files into the empty folder `root`, the declaration last.
pub fn create(root: &Path) -> Result<(), StoreError> {
    let mut entries = root.read_dir().map_err(StoreError::at(root))?;
    if entries.next().is_some() {
        return Err(StoreError::NotEmpty { path: root.to_owned() });
    }
    for (name, content) in FILES {
        let path = root.join(name);
        path.parent()
            .map_or(Ok(()), |folder| durable::create_folders(folder, root))
            .and_then(|()| durable::create(&path, |w| w.write_all(content.as_bytes())))
            .map_err(StoreError::at(&path))?;
    }
    Ok(())
}

/// Returns whether `root` has a declaration, whatever it holds.
pub fn declared(root: &Path) -> Result<bool, StoreError> {
    let path = root.join(NAMASTE);
    match path.symlink_metadata() {
        Ok(found) => Ok(found.is_file()),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(source) => Err(StoreError::Io { path, source }),
    }
}

/// Returns in what the root's files differ from those that [`create`] writes, and what else lies in the root.
pub fn check(root: &Path) -> Result<Vec<Finding>, StoreError> {
    let mut findings: Vec<Finding> = FILES.iter().filter_map(|(name, content)| differs(root, name, content)).collect();
    let extension = format!("{EXTENSIONS}/{}", layout::EXTENSION);
    for folder in ["", EXTENSIONS, &extension] {
        let mut names = match names(&root.join(folder)) {
            Ok(names) => names,
            // The file that should be in it is missing or unreadable, which is said above.
            Err(_) if !folder.is_empty() => continue,
            Err(e) => return Err(StoreError::at(root)(e)),
        };
        names.sort();
        for (name, is_folder) in names {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let ours = FILES.iter().any(|(file, _)| *file == path)
                || is_folder && (path == EXTENSIONS || path == extension)
                || is_folder && folder.is_empty() && layout::is_tuple(&name);
            if !ours {
                findings.push(Finding::new(Code::StoreIntruder).file(path));
            }
        }
    }
    Ok(findings)
}

/// Returns names and whether they are folders; names that are not UTF-8 are shown with replacement characters.
pub fn names(folder: &Path) -> io::Result<Vec<(String, bool)>> {
    folder
        .read_dir()?
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, entry.file_type()?.is_dir()))
        })
        .collect()
}

fn differs(root: &Path, name: &str, content: &str) -> Option<Finding> {
    let finding = Finding::new(Code::StoreDeclaration).file(name);
    let mut found = Vec::new();
    let read = std::fs::OpenOptions::new()
        .read(true)
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(root.join(name))
        .and_then(|file| file.take(content.len() as u64 + 1).read_to_end(&mut found));
    match read {
        Ok(_) if found == content.as_bytes() => None,
        Ok(_) => Some(finding.value("changed")),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Some(finding.value("missing")),
        Err(e) if e.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => Some(finding.value("link")),
        Err(e) => Some(Finding::new(Code::Unreadable).file(name).value(e.kind().to_string())),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::super::Store;
    use super::*;

    #[test]
    fn only_an_empty_folder_becomes_a_store() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("store");
        assert!(matches!(Store::open(&root), Err(StoreError::NotAStore { .. })));
        let store = Store::create(&root).unwrap();
        assert_eq!(store.declaration().unwrap(), []);
        assert!(matches!(Store::create(&root), Err(StoreError::NotEmpty { .. })));
        fs::remove_file(root.join(NAMASTE)).unwrap();
        assert!(matches!(Store::open(&root), Err(StoreError::NotAStore { .. })));
    }

    #[test]
    fn every_change_of_the_root_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("store");
        let store = Store::create(&root).unwrap();
        for (name, content) in FILES {
            let path = root.join(name);
            for changed in
                [String::new(), content.trim_end().to_owned(), format!("{content}\n"), content.to_uppercase()]
            {
                fs::write(&path, changed).unwrap();
                let findings = store.declaration().unwrap();
                assert_eq!(findings, [Finding::new(Code::StoreDeclaration).file(name).value("changed")]);
            }
            fs::remove_file(&path).unwrap();
            assert_eq!(store.declaration().unwrap()[0].value.as_deref(), Some("missing"));
            symlink("elsewhere", &path).unwrap();
            assert_eq!(store.declaration().unwrap()[0].value.as_deref(), Some("link"));
            fs::remove_file(&path).unwrap();
            fs::write(&path, content).unwrap();
        }
        assert_eq!(store.declaration().unwrap(), []);
    }

    #[test]
    fn what_else_lies_in_the_root_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("store");
        let store = Store::create(&root).unwrap();
        fs::create_dir(root.join("0af")).unwrap();
        for name in ["0ag", "file", "0a1", "extensions/x", "extensions/0003-hash-and-id-n-tuple-storage-layout/x"] {
            let path = root.join(name);
            if name == "0ag" {
                fs::create_dir(&path).unwrap();
            } else {
                fs::write(&path, "").unwrap();
            }
            assert_eq!(store.declaration().unwrap(), [Finding::new(Code::StoreIntruder).file(name)]);
            durable::remove_tree(&path).unwrap();
        }
    }
}
