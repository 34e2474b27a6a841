//! Whether a delivery is complete: by its name, by its marker, by how long nothing changed in it.

use serde::Serialize;

use super::Completeness;
use super::survey::{Moment, Survey};
use crate::model::time::Timestamp;

/// Endings of names that programs give to what they have not received completely.
const UPLOADS: [&[u8]; 5] = [b".part", b".partial", b".filepart", b".crdownload", b".download"];

/// What else a name ends in that is not meant to stay.
const PASSING: [&[u8]; 2] = [b".tmp", b"~"];

/// What systems lay into folders.
const SYSTEM: [&[u8]; 5] = [b"thumbs.db", b"desktop.ini", b"$recycle.bin", b"system volume information", b"lost+found"];

/// Why an entry of the inbox is not taken now; `reason` in JSON documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Waiting {
    /// Its name begins with a dot.
    Hidden,
    /// Its name says that it is not complete, or not meant to stay.
    PartialName,
    /// Something that a system laid there.
    System,
    /// A link: none is followed.
    Link,
    /// A pipe, socket or device.
    Special,
    /// A marker whose delivery is not there.
    MarkerAlone,
    /// Nothing lies in it but folders.
    Empty,
    /// Its marker is not there.
    NoMarker,
    /// A file in it is still being sent, as its name says.
    Uploading {
        /// The file.
        file: String,
    },
    /// It changed a moment ago.
    Changing {
        /// When it changed last.
        last: Timestamp,
        /// From when on it counts as complete if nothing more changes.
        until: Timestamp,
    },
    /// It changed at a time that lies ahead of this machine's clock: it is watched instead.
    Future {
        /// The time.
        last: Timestamp,
        /// From when on it counts as complete if nothing more changes.
        until: Timestamp,
    },
    /// It was there when the pass began and is no more.
    Gone,
}

/// Returns whether a name says that its file is not complete, or not meant to stay.
#[must_use]
pub fn is_partial(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(b"~$") || PASSING.iter().any(|end| name.ends_with(end)) || is_upload(&name)
}

/// Returns whether a name is one that programs give only to what they have not received completely.
pub(super) fn is_upload(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    UPLOADS.iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Returns why what is called `name` is no delivery.
pub(super) fn by_name(name: &[u8]) -> Option<Waiting> {
    if name.starts_with(b".") {
        Some(Waiting::Hidden)
    } else if SYSTEM.contains(&name.to_ascii_lowercase().as_slice()) {
        Some(Waiting::System)
    } else if is_partial(name) {
        Some(Waiting::PartialName)
    } else {
        None
    }
}

/// Returns why a delivery that looks like `survey` is not complete yet.
///
/// A marker that was written after the last change says that it is complete. Where something changed after it, and where none
/// is demanded, nothing may have changed for a while. `first_seen` is since when it is known to look like this.
pub(super) fn waiting(
    rule: &Completeness,
    survey: &Survey,
    marker: Option<Moment>,
    first_seen: Option<Timestamp>,
    now: Timestamp,
) -> Option<Waiting> {
    if rule.marker.is_some() && marker.is_none() {
        return Some(Waiting::NoMarker);
    }
    if !survey.filled {
        return Some(Waiting::Empty);
    }
    let quiet = i64::try_from(rule.quiet.as_secs()).unwrap_or(i64::MAX);
    let after = |time: Timestamp| Timestamp::from_seconds(time.seconds().saturating_add(quiet));
    if survey.vanished {
        return Some(Waiting::Changing { last: now, until: after(now) });
    }
    if marker.is_some_and(|marker| marker >= survey.changed) {
        return None;
    }
    if let (None, Some(file)) = (marker, &survey.upload) {
        return Some(Waiting::Uploading { file: file.clone() });
    }
    let last = Timestamp::from_seconds(survey.latest.begun());
    // A second that has begun is not over, so it may be the next one here.
    if last.seconds() <= now.seconds() + 1 {
        let until = after(last);
        // Asked to wait for nothing, it waits for nothing.
        return (quiet > 0 && until > now).then_some(Waiting::Changing { last, until });
    }
    let until = after(first_seen.unwrap_or(now));
    (until > now).then_some(Waiting::Future { last, until })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: i64 = 1_000_000;

    fn survey(latest: i64) -> Survey {
        Survey {
            fingerprint: String::new(),
            changed: Moment::from(latest),
            latest: Moment::from(latest),
            filled: true,
            upload: None,
            vanished: false,
        }
    }

    fn judge(demanded: bool, survey: &Survey, marker: Option<i64>, seen: Option<i64>) -> Option<&'static str> {
        let rule = Completeness { marker: demanded.then(|| ".fertig".into()), quiet: Duration::from_mins(10) };
        let at = Timestamp::from_seconds;
        waiting(&rule, survey, marker.map(Moment::from), seen.map(at), at(NOW)).map(|waiting| match waiting {
            Waiting::Changing { until, last } => {
                assert_eq!(until.seconds(), last.seconds() + 600);
                "changing"
            }
            Waiting::Future { until, .. } => {
                assert_eq!(until.seconds(), seen.unwrap_or(NOW) + 600);
                "future"
            }
            Waiting::NoMarker => "no-marker",
            Waiting::Uploading { .. } => "uploading",
            Waiting::Empty => "empty",
            _ => "other",
        })
    }

    #[test]
    fn quiet_is_counted_from_the_last_change() {
        for (latest, expected) in [
            (NOW - 601, None),
            (NOW - 600, None),
            (NOW - 599, Some("changing")),
            (NOW, Some("changing")),
            (NOW + 2, Some("future")),
            (NOW + 1_000_000_000, Some("future")),
        ] {
            assert_eq!(judge(false, &survey(latest), None, None), expected, "{}", latest - NOW);
        }
    }

    #[test]
    fn what_lies_ahead_is_watched_instead() {
        let ahead = survey(NOW + 5_000);
        assert_eq!(judge(false, &ahead, None, Some(NOW - 599)), Some("future"));
        assert_eq!(judge(false, &ahead, None, Some(NOW - 600)), None);
    }

    #[test]
    fn a_marker_counts_if_it_was_written_last() {
        let busy = survey(NOW - 5);
        assert_eq!(judge(true, &busy, None, None), Some("no-marker"));
        assert_eq!(judge(true, &busy, Some(NOW - 5), None), None);
        assert_eq!(judge(true, &busy, Some(NOW - 6), None), Some("changing"));
        // The clock of the server is ahead, marker and delivery alike.
        assert_eq!(judge(true, &survey(NOW + 50), Some(NOW + 60), None), None);
        assert_eq!(judge(true, &survey(NOW - 700), Some(NOW - 900), None), None);
    }

    #[test]
    fn empty_deliveries_and_uploads_wait() {
        let empty = Survey { filled: false, ..survey(NOW - 9000) };
        assert_eq!(judge(false, &empty, None, None), Some("empty"));
        assert_eq!(judge(true, &empty, Some(NOW), None), Some("empty"));
        let upload = Survey { upload: Some("a.filepart".to_owned()), ..survey(NOW - 9000) };
        assert_eq!(judge(false, &upload, None, None), Some("uploading"));
        // Who says that it is complete knows better.
        assert_eq!(judge(true, &upload, Some(NOW), None), None);
        let vanished = Survey { vanished: true, ..survey(NOW - 9000) };
        assert_eq!(judge(true, &vanished, Some(NOW), None), Some("changing"));
    }

    #[test]
    fn names_tell_what_is_no_delivery() {
        for name in ["a.part", "a.ZIP.FilePart", "a.crdownload", "a.tmp", "a.docx~", "~$a.docx"] {
            assert_eq!(by_name(name.as_bytes()), Some(Waiting::PartialName), "{name}");
        }
        for name in [".a", ".DS_Store", ".part"] {
            assert_eq!(by_name(name.as_bytes()), Some(Waiting::Hidden), "{name}");
        }
        for name in ["Thumbs.db", "lost+found"] {
            assert_eq!(by_name(name.as_bytes()), Some(Waiting::System), "{name}");
        }
        for name in ["a", "a.zip", "part", "Amt 67", "tmp", "a.partiell"] {
            assert_eq!(by_name(name.as_bytes()), None, "{name}");
        }
    }
}
