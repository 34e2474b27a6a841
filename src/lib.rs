//! x
pub mod check;
pub mod io;
pub mod model;
pub mod package;
pub mod task;
