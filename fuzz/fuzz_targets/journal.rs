//! Feeds any bytes to the reader of `journal`.
#![no_main]

#[allow(dead_code)]
#[path = "../../tests/support/readers.rs"]
mod readers;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| readers::journal(bytes));
