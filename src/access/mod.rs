//! Who may use what when: closure periods by law, and grants that shorten them.
//!
//! Closed is about use only. Checking, showing what is held, copies between stores and handing over are not use.

pub mod grant;
pub mod statement;
pub mod term;

pub use grant::Grant;
pub use statement::Standing;
pub use term::{Basis, Step, Term, term};
