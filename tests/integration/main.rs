//! What the program does with deliveries and archives: it is run itself, on folders of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod access;
mod against;
mod agency;
mod audit;
mod bad_input;
mod batch;
mod catalogue;
mod changes;
mod confinement;
mod containers;
mod contents;
mod courtesy;
mod crash;
mod damage;
mod determinism;
mod disposal;
mod doctor;
mod einvoice;
mod export;
mod format;
mod hostile;
mod idempotence;
mod ingest;
mod inspect;
mod journal;
mod lists;
mod locking;
mod mail;
mod mapping;
mod names;
mod ozg;
mod receipt;
mod repair;
mod replicate;
mod sandbox;
mod schemas;
mod secrecy;
mod source_changes;
mod stop;
mod submission;
mod terms;
mod versions;
mod versions_crash;
mod xdomea;
