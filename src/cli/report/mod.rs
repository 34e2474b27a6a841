//! What people file: receipts and reports.

pub mod receipt;
