//! Feeds any bytes to the reader of `document`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| landform_testkit::readers::document(bytes));
