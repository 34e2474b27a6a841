//! x
pub mod io;
pub mod model;
pub mod task;
