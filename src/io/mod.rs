//! Foreign data in safely, own data out durably.

pub mod below;
pub mod container;
pub mod database;
pub mod durable;
pub mod encoding;
pub mod gzip;
pub mod inside;
pub mod json;
pub mod medium;
pub mod place;
pub mod tar;
pub mod toml;
pub mod xml;
pub mod xpath;
pub mod xsd;
pub mod zip;
