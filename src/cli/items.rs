//! What a user lists: as arguments, in a file or on stdin.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::error::{Failure, Kind};

/// A list in a file or on stdin.
#[derive(Debug, Default, Args)]
pub struct ListFile {
    /// Reads the list from a file, `-` for stdin.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// Items of the list end in NUL, not in a line end.
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
}

impl ListFile {
    /// Returns `arguments` and the list together, in this order; `-` as the only argument is a list on stdin.
    pub fn with(&self, arguments: &[OsString]) -> Result<Vec<OsString>, Failure> {
        let alone = arguments == ["-"];
        let file = match (&self.files_from, alone) {
            (None, true) => Some(Path::new("-")),
            (file, _) => file.as_deref(),
        };
        let mut items = if alone { Vec::new() } else { arguments.to_vec() };
        match file {
            None => {}
            Some(file) if file == Path::new("-") => {
                read(io::stdin().lock(), file, self.null, &mut items)?;
            }
            Some(file) => {
                let opened = File::open(file).map_err(|error| Failure::reading(Kind::Usage, file, &error))?;
                read(BufReader::new(opened), file, self.null, &mut items)?;
            }
        }
        Ok(items)
    }
}

fn read(mut list: impl BufRead, file: &Path, null: bool, items: &mut Vec<OsString>) -> Result<(), Failure> {
    let end = if null { b'\0' } else { b'\n' };
    let mut item = Vec::new();
    loop {
        item.clear();
        let read = list.read_until(end, &mut item).map_err(|error| Failure::reading(Kind::Io, file, &error))?;
        if read == 0 {
            return Ok(());
        }
        if item.last() == Some(&end) {
            item.pop();
        }
        if item.contains(&b'\0') {
            return Err(Failure::new(Kind::Usage, "list-nul").at(file));
        }
        if !item.is_empty() {
            items.push(OsString::from_vec(item.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(bytes: &[u8], null: bool) -> Result<Vec<OsString>, Failure> {
        let mut items = Vec::new();
        read(bytes, Path::new("list"), null, &mut items).map(|()| items)
    }

    #[test]
    fn items_end_in_lines_or_nul() {
        for (bytes, null, expected) in [
            (&b"a\n b \n\nc"[..], false, &["a", " b ", "c"][..]),
            (b"a\nb\0c\0", true, &["a\nb", "c"]),
            (b"", false, &[]),
        ] {
            assert_eq!(list(bytes, null).unwrap(), expected);
        }
        let raw = list(b"\xff\n", false).unwrap();
        assert_eq!(raw, [OsString::from_vec(vec![0xff])]);
    }

    #[test]
    fn nul_in_a_list_of_lines_is_a_forgotten_option() {
        assert!(list(b"a\0b\0", false).is_err());
    }
}
