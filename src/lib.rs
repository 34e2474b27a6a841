//! eArchiv fills a digital archive with municipal records and proves that they stay intact.
//!
//! A reader starts at [`archive`], one file for each operation. Below it, modules know only those further down:
//!
//! | layer | modules | subject |
//! |---|---|---|
//! | 5 | [`archive`] | ingest, verify, audit, export, rebuild: combines everything below |
//! | 4 | [`source`], [`check`], [`appraisal`] | what comes in, what is established and decided about it |
//! | 3 | [`package`], [`store`], [`catalogue`], [`journal`], [`history`] | what an archive is made of, and of its audits |
//! | 2 | [`profile`], [`io`] | rules of a kind of delivery; foreign data in safely, own data out durably |
//! | 1 | [`model`], [`task`] | the words of the trade; what long work needs from its caller |
//!
//! The program's side, `cli`, is part of the binary only.

pub mod access;
pub mod appraisal;
pub mod archive;
pub mod catalogue;
pub mod check;
pub mod history;
pub mod io;
pub mod journal;
pub mod model;
pub mod package;
pub mod profile;
pub mod source;
pub mod store;
pub mod task;
