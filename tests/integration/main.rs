//! What the program does with deliveries and archives: it is run itself, on folders of its own.

#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

mod contents;
mod ingest;
mod sandbox;
