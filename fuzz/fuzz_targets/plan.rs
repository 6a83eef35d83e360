//! Feeds any bytes to the reader of `plan`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| landform_testkit::readers::plan(bytes));
