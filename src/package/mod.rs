//! How a package is laid out, written and read.
//!
//! [`container`], [`payload`] and [`reader`] know files in a ZIP or a folder; [`eark`] knows what METS and PREMIS say of them, [`bagit`]
//! what the files of a bag do.

pub mod bagit;
pub mod container;
pub mod eark;
pub mod payload;
pub mod reader;
mod reading;
