//! x
pub mod io;
pub mod journal;
pub mod model;
pub mod store;
pub mod task;
