//! x
pub mod catalogue;
pub mod io;
pub mod model;
pub mod profile;
pub mod task;
