//! What a package lies in.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::open_regular;
use crate::io::tar;

/// What is around a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A folder.
    Folder,
    /// A ZIP file.
    Zip,
    /// A TAR file.
    Tar,
}

/// How files begin that gzip, bzip2, xz, zstd, 7-Zip and RAR make.
const PACKED: [&[u8]; 6] =
    [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"];

impl Container {
    /// Returns what lies at `path`, judged by its first bytes; nothing where it is neither of the three or cannot be read.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        if path.is_dir() {
            return Some(Self::Folder);
        }
        Self::of_file(&open_regular(path).ok()?).ok()?.0
    }

    /// Returns what `file` is, and whether it is packed in a way that leaves no way to single files.
    pub(super) fn of_file(file: &File) -> io::Result<(Option<Self>, bool)> {
        let mut head = [0; 512];
        let read = file.read_at(&mut head, 0)?;
        let head = &head[..read];
        let container = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Self::Zip)
        } else {
            tar::is_tar(head).then_some(Self::Tar)
        };
        Ok((container, PACKED.iter().any(|magic| head.starts_with(magic))))
    }

    /// Returns the name in JSON documents.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Zip => "zip",
            Self::Tar => "tar",
        }
    }
}
