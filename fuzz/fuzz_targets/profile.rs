//! Profiles and agreements. What is accepted is written as TOML that is the same profile; a fault has a place in the text.
#![no_main]

use std::path::Path;

use earchiv::io::xpath::XPath;
use earchiv::profile::{Agreement, Profile, ProfileError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let file = Path::new("profil.toml");
    match Profile::parse(text, file) {
        Ok(profile) => {
            let written = profile.to_toml().expect("a profile is written");
            let again = Profile::parse(&written, file).expect("what is written is read");
            assert!(again == profile, "not read as written");
            for name in [&b"Thumbs.db"[..], b"~$a.docx", b"\xff", b"", b"a*b?c"] {
                let _ = profile.leaves_out(name);
            }
        }
        Err(error) => placed(&error),
    }
    match Agreement::parse(text, file) {
        Ok(agreement) => {
            for name in ["dateiablage", "eakte"] {
                let profile = Profile::named(name, None).expect("a built-in profile").with(&agreement);
                profile.to_toml().expect("a profile is written");
            }
        }
        Err(error) => placed(&error),
    }
    if text.len() < 500 {
        let _ = XPath::parse(text);
    }
});

/// Checks that the fault has a sentence that can be logged.
fn placed(error: &ProfileError) {
    assert!(!error.to_string().is_empty());
}
