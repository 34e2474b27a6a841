//! Foreign data in safely, own data out durably.

pub mod durable;
pub mod toml;
pub mod xml;
pub mod zip;
