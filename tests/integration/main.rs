//! What the program does with deliveries and archives: it is run itself, on folders of its own.

#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::assigning_clones,
    reason = "tests are written to be read"
)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod access;
mod against;
mod agency;
mod audit;
mod audit_report;
mod bad_input;
mod bags;
mod batch;
mod catalogue;
mod changes;
mod confinement;
mod conformance;
mod conforming;
mod containers;
mod contents;
mod courtesy;
mod crash;
mod damage;
mod determinism;
mod disposal;
mod doctor;
mod eark_rules;
mod einvoice;
mod export;
mod format;
mod hostile;
mod idempotence;
mod inbox;
mod ingest;
mod inspect;
mod journal;
mod lists;
mod locking;
mod mail;
mod mapping;
mod monitoring;
mod names;
mod ozg;
mod receipt;
mod repair;
mod replicate;
mod sandbox;
mod schema_validity;
mod schemas;
mod secrecy;
mod source_changes;
mod stop;
mod submission;
mod terms;
mod validate;
mod validate_ocfl;
mod versions;
mod versions_crash;
mod xdomea;
