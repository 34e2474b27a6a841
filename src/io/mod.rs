//! Foreign data in safely, own data out durably.

pub mod durable;
