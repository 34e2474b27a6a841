//! Where the bytes of an input lie while they are read.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What stands between the files of one input, on a line of its own.
pub const BETWEEN: &[u8] = b"\n%%%\n";

/// Returns a file without a name that holds `bytes`.
pub fn unnamed(bytes: &[u8]) -> File {
    let file = rustix::fs::memfd_create("input", rustix::fs::MemfdFlags::CLOEXEC).expect("a file in memory");
    let file = File::from(file);
    file.write_all_at(bytes, 0).expect("a file in memory");
    file
}

/// Returns this process's own folder for files; `fuzz/run` puts `TMPDIR` into memory and removes what is left.
fn own() -> &'static Path {
    static OWN: OnceLock<PathBuf> = OnceLock::new();
    OWN.get_or_init(|| {
        // The same input does the same each time, and no thread waits for another.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
        let folder = std::env::temp_dir().join(format!("earchiv-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for inputs");
        folder
    })
}

/// Returns the folder `name`, empty.
pub fn folder(name: &str) -> PathBuf {
    let folder = own().join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for inputs");
    folder
}

/// Writes a file that may lie in folders below `folder`.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).expect("a folder for inputs");
    }
    File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("a file for an input");
}

/// Returns the parts of an input that stands for several files.
pub fn parts(mut data: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(at) = data.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        parts.push(&data[..at]);
        data = &data[at + BETWEEN.len()..];
    }
    parts.push(data);
    parts
}
