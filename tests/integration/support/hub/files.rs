//! What is on the Hub of the tests: models by their names.

use crate::support::{graph_with_weights_in, root, tiny_folder};
use axum::body::Bytes;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fs;
use valence::digest::hex;

/// The files of a model, or nothing for one that does not exist.
pub(super) fn files(name: &str) -> Option<Vec<(&'static str, Bytes)>> {
    let tiny = |file: &str| Bytes::from(fs::read(tiny_folder().join(file)).unwrap());
    let parity = |file: &str| Bytes::from(fs::read(root().join("tests/golden/parity").join(file)).unwrap());
    let common = || {
        vec![
            ("README.md", Bytes::from_static(b"# Tiny")),
            ("pytorch_model.bin", Bytes::from_static(b"weights")),
        ]
    };
    let mut files = common();
    let config = ("config.json", tiny("config.json"));
    let tokenizer = ("tokenizer.json", tiny("tokenizer.json"));
    let graph = ("onnx/model_quantized.onnx", tiny("onnx/model_quantized.onnx"));
    files.extend(match name {
        "tiny" => {
            let settings = ("tokenizer_config.json", tiny("tokenizer_config.json"));
            vec![config, tokenizer, settings, graph, ("onnx/model.onnx", tiny("onnx/model.onnx"))]
        }
        "no-onnx" => vec![config, tokenizer],
        "no-tokenizer" => vec![config, graph],
        "no-config" => vec![tokenizer, graph],
        "root" => {
            let weights = ("model.onnx_data", parity("one/onnx/model.onnx_data"));
            vec![config, tokenizer, ("model.onnx", parity("one/onnx/model.onnx")), weights]
        }
        "external" => {
            let data = ("onnx/model.onnx_data", parity("one/onnx/model.onnx_data"));
            let settings = ("tokenizer_config.json", tiny("tokenizer_config.json"));
            vec![config, tokenizer, ("onnx/model.onnx", parity("one/onnx/model.onnx")), data, settings]
        }
        "named" | "outside" => {
            let (location, path) = match name {
                "named" => ("weights/one.bin", "onnx/weights/one.bin"),
                _ => ("../weights1.bin", "weights1.bin"),
            };
            let (config, tokenizer) = (parity("one/config.json"), parity("wordpiece.json"));
            vec![
                ("config.json", config),
                ("tokenizer.json", tokenizer),
                ("onnx/model.onnx", graph_with_weights_in(location).into()),
                (path, parity("one/onnx/model.onnx_data")),
            ]
        }
        "beside" => {
            let graph = ("onnx/model_qint8_avx512_vnni.onnx", graph.1);
            vec![config, ("onnx/tokenizer.json", tokenizer.1), graph]
        }
        _ => return None,
    });
    Some(files)
}

/// Files that the Hub keeps elsewhere, and knows by another checksum.
pub(super) fn is_large(path: &str) -> bool {
    path.contains(".onnx") || path.ends_with(".bin")
}

/// What the Hub knows a file by.
pub(super) fn etag(path: &str, bytes: &[u8]) -> String {
    if is_large(path) {
        return hex(&Sha256::digest(bytes));
    }
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hex(&hash.finalize())
}

/// One of them.
pub(super) fn file(name: &str, path: &str) -> Option<Bytes> {
    files(name)?.into_iter().find(|(file, _)| *file == path).map(|(_, bytes)| bytes)
}
