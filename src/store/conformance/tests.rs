//! Objects and storage roots made here, with one fault each.
