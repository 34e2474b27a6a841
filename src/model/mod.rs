//! The words of the trade as types. Nothing here reads or writes a file.

pub mod accession;
pub mod audit;
pub mod checksum;
pub mod closure;
pub mod content;
pub mod decision;
pub mod disposal;
pub mod finding;
pub mod names;
pub mod package;
pub mod path;
pub mod record;
pub mod requirement;
pub mod time;
pub mod unit;
