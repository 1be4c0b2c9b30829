//! Clearline.
