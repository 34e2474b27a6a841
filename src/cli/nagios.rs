//! `--nagios`: one line and an exit code as Nagios, Icinga, Checkmk and others want them of a check.

use earchiv::model::time::Timestamp;

use super::exit::Exit;
use super::metrics::Figures;
use super::text::Text;

/// What a check says, with the numbers that monitoring plugins share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// All is well.
    Ok = 0,
    /// Something should be done.
    Warning = 1,
    /// Something must be done.
    Critical = 2,
    /// Nothing was established.
    Unknown = 3,
}

impl State {
    /// Returns what the end of a run comes to.
    pub const fn of(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::Ok,
            Exit::Overdue => Self::Warning,
            Exit::Integrity | Exit::Record => Self::Critical,
            Exit::Bug
            | Exit::Wrong
            | Exit::Refused
            | Exit::Io
            | Exit::Locked
            | Exit::Denied
            | Exit::Interrupted
            | Exit::Terminated => Self::Unknown,
        }
    }

    /// Returns the number for the operating system.
    pub const fn code(self) -> u8 {
        self as u8
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// Returns the line of a run that came to nothing because of a failure.
pub fn failed(exit: Exit, message: &str) -> String {
    one_line(&format!("EARCHIV {} - {message}", State::of(exit).word()))
}

/// The bar ends what is for people, and the line is the only one.
fn one_line(text: &str) -> String {
    text.replace('|', "/").replace(char::is_control, " ")
}

/// Returns the line: state, a sentence, and after a bar the figures for curves.
pub fn line(figures: &Figures, exit: Exit, now: Timestamp, text: &Text) -> String {
    let state = State::of(exit);
    let counts = [
        ("packages", figures.packages.into()),
        ("overdue", figures.overdue.into()),
        ("findings", figures.open().into()),
        ("code", u64::from(exit.code()).into()),
    ];
    let sentence = match state {
        State::Ok => text.say("monitoring-ok", &counts),
        State::Warning => text.say("monitoring-warning", &counts),
        State::Critical => text.say("monitoring-critical", &counts),
        State::Unknown => text.say("monitoring-unknown", &counts),
    };
    let mut line = format!("EARCHIV {} - {}: {sentence}", state.word(), figures.archive);
    line = one_line(&line);
    line.push_str(" | ");
    line.push_str(&performance(figures, now).join(" "));
    line
}

/// Returns the figures as `name=value[unit];[warning];[critical];[least]`.
fn performance(figures: &Figures, now: Timestamp) -> Vec<String> {
    let mut all = vec![
        format!("packages={};;;0", figures.packages),
        format!("due={};;;0", figures.due),
        format!("overdue={};0;;0", figures.overdue),
        format!("findings={};;0;0", figures.open()),
    ];
    if let Some(oldest) = figures.oldest {
        all.push(format!("oldest_check={}s;;;0", (now.seconds() - oldest.seconds()).max(0)));
    }
    if let Some(last) = &figures.last {
        all.push(format!("last_run={}s;;;0", (now.seconds() - last.ended.seconds()).max(0)));
        all.push(format!("duration={}s;;;0", last.duration.as_secs()));
        all.push(format!("checked={}B;;;0", last.bytes));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::metrics::tests::figures;
    use crate::cli::text::Language;

    #[test]
    fn one_line_with_figures_in_each_state() {
        let now = Timestamp::from_seconds(1_700_600_060);
        for (exit, code, word) in [
            (Exit::Done, 0, "OK"),
            (Exit::Overdue, 1, "WARNING"),
            (Exit::Integrity, 2, "CRITICAL"),
            (Exit::Record, 2, "CRITICAL"),
            (Exit::Denied, 3, "UNKNOWN"),
            (Exit::Io, 3, "UNKNOWN"),
            (Exit::Terminated, 3, "UNKNOWN"),
        ] {
            assert_eq!(State::of(exit).code(), code, "{exit:?}");
            for language in [Language::De, Language::En] {
                let line = line(&figures(), exit, now, &Text::new(language));
                assert!(line.starts_with(&format!("EARCHIV {word} - Stadtarchiv")), "{line}");
                assert!(!line.contains(char::is_control), "{line:?}");
                let (_, performance) = line.split_once(" | ").unwrap();
                assert_eq!(
                    performance,
                    "packages=1200;;;0 due=40;;;0 overdue=2;0;;0 findings=3;;0;0 oldest_check=600060s;;;0 last_run=60s;;;0 \
                     duration=7200s;;;0 checked=1099511627776B;;;0"
                );
            }
        }
    }

    #[test]
    fn a_name_does_not_end_the_sentence() {
        let figures = Figures { archive: "a|b=1".to_owned(), last: None, oldest: None, ..figures() };
        let line = line(&figures, Exit::Overdue, Timestamp::now(), &Text::new(Language::En));
        assert_eq!(line.matches('|').count(), 1, "{line}");
        assert!(line.contains("a/b=1"), "{line}");
        assert!(line.contains('2'), "{line}");
    }
}
