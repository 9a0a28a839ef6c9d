#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| valence_fuzz::feed("graphs", input));
