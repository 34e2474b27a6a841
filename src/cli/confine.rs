//! Least privilege: the kernel takes from the program what a call does not need (Landlock).
//!
//! The program starts no other program, opens no connection, and writes only where the call says. That is held by the kernel for
//! the calling thread and all that it starts later, so it is done before any thread. What is open already (stdout, a lock)
//! stays usable. Kernels that know less of it hold less; one that knows nothing changes nothing.

use std::ffi::OsString;
use std::io;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible as _, LandlockStatus, PathBeneath, PathFd,
    Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, make_bitflags,
};

use super::error::Failure;
use super::reach::{Reach, Right};
use super::settings;

/// What was tried out; a kernel that knows more is asked for no more than this.
const TRIED: ABI = ABI::V7;

/// The variable that switches it off.
const VARIABLE: &str = "EARCHIV_LANDLOCK";

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confined {
    /// All of it is held.
    Fully,
    /// The kernel knows a part of it.
    Partly,
    /// Nothing is held: an old kernel, or one in which Landlock is off.
    Unsupported,
    /// Nothing is held: the user wants it so.
    Off,
    /// Nothing is held: the kernel refused, as some containers have it do.
    Refused,
}

/// What the kernel can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confinement {
    /// What came of it.
    pub state: Confined,
    /// The version of Landlock that is used, 0 where there is none.
    pub version: i32,
}

/// Returns whether the user switched it off.
pub fn is_off() -> Result<bool, Failure> {
    switched_off(settings::variable(VARIABLE))
}

fn switched_off(value: Option<OsString>) -> Result<bool, Failure> {
    match value {
        None => Ok(false),
        Some(value) if value == "on" => Ok(false),
        Some(value) if value == "off" => Ok(true),
        Some(value) => Err(settings::wrong(VARIABLE, &value)),
    }
}

/// Gives up for good whatever is not in `reach`; may be called again with less.
///
/// It never ends the run: a call that is not confined does the same work.
pub fn confine(reach: &Reach) -> Result<Confinement, Failure> {
    if is_off()? {
        return Ok(Confinement { state: Confined::Off, version: 0 });
    }
    let confinement = match restrict(reach) {
        Ok((status, version)) => {
            let state = match status {
                RulesetStatus::FullyEnforced => Confined::Fully,
                RulesetStatus::PartiallyEnforced => Confined::Partly,
                RulesetStatus::NotEnforced => Confined::Unsupported,
            };
            Confinement { state, version }
        }
        Err(_) => Confinement { state: Confined::Refused, version: 0 },
    };
    tracing::debug!(state = ?confinement.state, version = confinement.version, places = reach.places().len(), "confined");
    Ok(confinement)
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Ruleset(#[from] RulesetError),
    #[error(transparent)]
    Place(#[from] landlock::PathFdError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

fn restrict(reach: &Reach) -> Result<(RulesetStatus, i32), Refusal> {
    // Reading is not restricted: sources, profiles and lists may lie anywhere.
    let handled = AccessFs::from_write(TRIED) | AccessFs::Execute;
    let needs_renames = reach.places().iter().any(|(_, right)| matches!(right, Right::Everything | Right::Anything));
    let mut ruleset = Ruleset::default();
    if needs_renames {
        // The first version forbids every rename from one folder to another: there, none at all is the better choice.
        ruleset = ruleset.set_compatibility(CompatLevel::SoftRequirement).handle_access(AccessFs::Refer)?;
    }
    let mut created = ruleset
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(handled)?
        .handle_access(AccessNet::from_all(TRIED))?
        .scope(Scope::from_all(TRIED))?
        .create()?;
    for (path, right) in reach.places() {
        match std::fs::metadata(path) {
            Ok(found) => {
                let rights = if found.is_dir() { rights(*right) } else { rights(*right) & AccessFs::from_file(TRIED) };
                if !rights.is_empty() {
                    created = created.add_rule(PathBeneath::new(PathFd::new(path)?, rights))?;
                }
            }
            // What is not there, or not to be reached, needs no right.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let status = created.restrict_self()?;
    let version = match status.landlock {
        LandlockStatus::Available { effective_abi, kernel_abi } => kernel_abi.unwrap_or(effective_abi as i32),
        _ => 0,
    };
    Ok((status.ruleset, version))
}

fn rights(right: Right) -> BitFlags<AccessFs> {
    match right {
        Right::Anything => {
            rights(Right::Everything)
                | make_bitflags!(AccessFs::{
                    MakeSym | MakeFifo | MakeSock | MakeChar | MakeBlock
                })
        }
        Right::Everything => make_bitflags!(AccessFs::{
            WriteFile | Truncate | MakeReg | MakeDir | RemoveFile | RemoveDir | Refer
        }),
        Right::Files => make_bitflags!(AccessFs::{WriteFile | Truncate | MakeReg | RemoveFile}),
        Right::Content => make_bitflags!(AccessFs::{WriteFile | Truncate}),
        Right::Removal => AccessFs::RemoveFile.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_switched_off_by_one_word_only() {
        for (value, off) in
            [(None, Some(false)), (Some("on"), Some(false)), (Some("off"), Some(true)), (Some("0"), None)]
        {
            assert_eq!(switched_off(value.map(OsString::from)).ok(), off, "{value:?}");
        }
    }

    #[test]
    fn a_thread_that_may_write_nowhere_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (allowed, denied) = (folder.path().join("a"), folder.path().join("b"));
        for path in [&allowed, &denied] {
            std::fs::create_dir(path).unwrap();
        }
        // Only the thread is confined, and with it what it starts.
        let (state, wrote) = std::thread::spawn(move || {
            let state = confine(&Reach::nothing().and_folder(&allowed)).unwrap().state;
            let write = move |folder: std::path::PathBuf| {
                std::thread::spawn(move || earchiv::io::durable::create_file(&folder.join("x")).is_ok()).join().unwrap()
            };
            (state, [write(allowed), write(denied)])
        })
        .join()
        .unwrap();
        let held = matches!(state, Confined::Fully | Confined::Partly);
        if !held {
            use std::io::Write as _;
            drop(writeln!(io::stderr(), "not tested: the kernel denies writing elsewhere (no Landlock here)"));
        }
        assert_eq!(wrote, [true, !held], "{state:?}");
    }
}
