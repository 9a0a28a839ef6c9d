//! Compression ahead of time: what the server sends is compressed once, and as well as can be.

use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// A file's content in the two encodings that browsers ask for.
pub struct Compressed {
    /// For `Content-Encoding: br`, at the highest quality.
    pub br: Vec<u8>,
    /// For `Content-Encoding: gzip`, at the highest level.
    pub gz: Vec<u8>,
}

/// Whether a file of this name becomes notably smaller; pictures are compressed already.
pub fn worthwhile(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("css" | "html" | "js" | "json" | "svg" | "txt" | "wasm" | "webmanifest" | "xml"))
}

/// Compresses a file's content both ways.
pub fn compress(content: &[u8]) -> Result<Compressed> {
    let mut br = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*content, &mut br, &parameters)?;

    let mut gz = GzEncoder::new(Vec::new(), Compression::best());
    gz.write_all(content)?;
    Ok(Compressed { br, gz: gz.finish()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_encodings_decode_to_the_content() -> Result<()> {
        let content = b"a page, a page, a page".repeat(100);
        let compressed = compress(&content)?;
        let (mut from_br, mut from_gz) = (Vec::new(), Vec::new());
        brotli::BrotliDecompress(&mut &*compressed.br, &mut from_br)?;
        flate2::read::GzDecoder::new(&*compressed.gz).read_to_end(&mut from_gz)?;
        assert_eq!(from_br, content);
        assert_eq!(from_gz, content);
        Ok(())
    }

    #[test]
    fn pictures_are_left_alone() {
        assert!(worthwhile("valence.0123.wasm"));
        assert!(worthwhile("favicon.svg"));
        assert!(!worthwhile("card.png"));
        assert!(!worthwhile("LICENSE"));
    }
}
