//! Deliveries of eAkte systems: messages of the standard xdomea, versions 2.3, 2.4, 3.0, 3.1 and 4.0.
//!
//! [`Message`] is one message: type, version, header, where its objects lie, decisions. [`Spool`] is a message with its
//! bytes, from which its objects are read one by one as [`units::Object`]. [`Delivery`] is what an agency hands over:
//! messages of one process with their primary files.

pub mod answer;
pub mod branch;
pub mod delivery;
mod gather;
mod hash;
pub mod header;
pub mod message;
mod names;
mod places;
mod record;
pub mod spool;
pub mod units;

pub use delivery::{Delivery, Per, Rules};
pub use message::{Decision, Message, MessageFault, Root};
pub use spool::{Spool, SpoolError};

#[cfg(test)]
mod tests;
