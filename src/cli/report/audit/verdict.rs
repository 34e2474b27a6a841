//! What a report comes to, in plain words for the person who is responsible.

use super::Subject;
use super::account::{Account, days_between};
use super::ages::Ages;
use crate::cli::report::date::{day, moment};
use crate::cli::text::Text;

/// After how many days without a run this is said, also where no package has a period: a quarter of a year.
const QUIET: u64 = 92;

/// How an archive stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing is to be done.
    Good,
    /// Checks are to be made.
    Late,
    /// Something is wrong.
    Bad,
}

impl State {
    /// Returns its name in the page's styles.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Late => "late",
            Self::Bad => "bad",
        }
    }
}

/// A verdict.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How the archive stands.
    pub state: State,
    /// That in a few words.
    pub headline: String,
    /// Why, a sentence each, the gravest first.
    pub reasons: Vec<String>,
}

impl Verdict {
    /// Returns what `account` and `ages` come to.
    pub fn of(subject: &Subject<'_>, account: &Account, ages: &Ages, text: &Text) -> Self {
        let (now, language) = (subject.now, text.language());
        let mut state = State::Good;
        let mut reasons = Vec::new();
        let mut because = |at: State, reason: String| {
            state = state.max(at);
            reasons.push(reason);
        };
        let held = ages.sum.all();
        if account.damaged > 0 {
            because(State::Bad, text.say("audits-verdict-damaged", &[("packages", account.damaged.into())]));
        }
        if account.whole > 0 {
            because(State::Bad, text.say("audits-verdict-whole", &[("errors", account.whole.into())]));
        }
        if let Some(run) = account.broken {
            because(State::Bad, text.say("audits-verdict-broken", &[("run", run.to_string().into())]));
        }
        if ages.sum.overdue > 0 {
            let counts = [("overdue", ages.sum.overdue.into()), ("packages", held.into())];
            because(State::Late, text.say("audits-verdict-overdue", &counts));
        }
        let last = account.last.as_ref().and_then(|(.., run)| run.ended);
        match last {
            None if held > 0 => because(State::Late, text.say("audits-verdict-never", &[])),
            Some(last) if days_between(last, now) > QUIET => {
                let since = [("date", day(&last.date(), language).into()), ("days", days_between(last, now).into())];
                because(State::Late, text.say("audits-verdict-quiet", &since));
            }
            _ => {}
        }
        if let Some(begun) = account.endless {
            because(State::Good, text.say("audits-verdict-endless", &[("time", moment(begun, language).into())]));
        }
        if account.warnings > 0 {
            because(State::Good, text.say("audits-verdict-warnings", &[("warnings", account.warnings.into())]));
        }
        if held == 0 {
            because(State::Good, text.say("audits-verdict-empty", &[]));
        } else if ages.bound == 0 {
            because(State::Good, text.say("audits-verdict-no-period", &[]));
        } else if ages.sum.overdue == 0 {
            because(State::Good, text.say("audits-verdict-within", &[("packages", held.into())]));
        }
        if let Some(last) = last {
            because(State::Good, text.say("audits-verdict-last", &[("time", moment(last, language).into())]));
        }
        let headline = match state {
            State::Good => text.say("audits-verdict-good", &[]),
            State::Late => text.say("audits-verdict-late", &[]),
            State::Bad => text.say("audits-verdict-bad", &[]),
        };
        Self { state, headline, reasons }
    }
}
