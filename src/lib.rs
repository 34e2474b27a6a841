//! x
pub mod check;
pub mod io;
pub mod model;
pub mod source;
pub mod task;
