//! Files of a model that are not those which its `SHA256SUMS` lists.

use crate::support::{
    copy_of_tiny, copy_with_weights_in,
    program::{assert_one_sentence, bare, refused},
};
use sha2::{Digest, Sha256};
use std::fs;
use valence::digest::hex;

#[test]
fn a_bit_that_flipped_in_any_file_is_found_by_its_checksum() {
    let (graph, weights) = ("onnx/model.onnx", "onnx/weights/one.bin");
    for file in ["config.json", "tokenizer.json", "tokenizer_config.json", graph, weights] {
        let folder = copy_with_weights_in("weights/one.bin");
        fs::write(folder.join("tokenizer_config.json"), "{}").unwrap();
        let mut content = fs::read(folder.join(file)).unwrap();
        let sum = hex(&Sha256::digest(&content));
        let middle = content.len() / 2;
        content[middle] ^= 1;
        fs::write(folder.join(file), content).unwrap();
        // As `sha256sum` writes it of names, of what `find .` gives, and with `--binary`.
        for listed in [format!("  {file}"), format!("  ./{file}"), format!(" *{file}")] {
            fs::write(folder.join("SHA256SUMS"), format!("{sum}{listed}\n")).unwrap();
            assert_one_sentence(&refused(&folder), &[file, "checksum"]);
        }
    }
}

// One changed character of the card ended every verb.
#[test]
fn a_changed_file_that_nothing_reads_keeps_no_model_from_running() {
    let folder = copy_of_tiny();
    fs::write(folder.join("README.md"), "edited").unwrap();
    let zeros = "0".repeat(64);
    fs::write(folder.join("SHA256SUMS"), format!("{zeros}  README.md\n{zeros}  reliability.svg\n")).unwrap();
    let analyzed = bare().args(["analyze", "good", "--model"]).arg(&folder).output().unwrap();
    assert!(analyzed.status.success(), "{}", String::from_utf8_lossy(&analyzed.stderr));
    let verified = bare().args(["model", "verify"]).arg(&folder).output().unwrap();
    assert_eq!(verified.status.code(), Some(3), "{verified:?}");
    let verified = String::from_utf8(verified.stdout).unwrap();
    for line in ["DAMAGED     README.md", "MISSING     reliability.svg"] {
        assert!(verified.contains(line), "{line} is not in {verified}");
    }
}
