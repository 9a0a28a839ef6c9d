//! Names in addresses, where some characters stand for something else: a file's on the Hub, a model's here.

/// A name as the path of an address has it; its slashes remain.
#[must_use]
pub fn path(name: &str) -> String {
    let encoded = |part: &str| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>();
    // A plus is a form's space, which a path does not know.
    name.split('/').map(encoded).collect::<Vec<_>>().join("/").replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_taken_for_another_part_of_the_address() {
        assert_eq!(path("onnx/model.onnx_data"), "onnx/model.onnx_data");
        assert_eq!(path("onnx/my weights+1#2?.bin"), "onnx/my%20weights%2B1%232%3F.bin");
    }
}
