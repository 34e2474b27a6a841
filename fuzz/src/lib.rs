//! What the fuzz targets share: where inputs lie, and the laws that hold for whatever is accepted.

pub mod laws;
pub mod scratch;
