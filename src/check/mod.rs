//! What is established about a record or a package, as findings.

pub mod fixity;
pub mod metadata;
