//! x
pub mod model;
pub mod task;
