# shellcheck shell=bash disable=SC2154
# ONNX Runtime, the library that the server loads at its start.
#
# PyPI's wheel holds Microsoft's own build of it; pip checks the wheel's hash
# (onnxruntime.txt) and this script that of the library, so that a damaged copy
# is replaced.

onnxruntime() {
    local version sum library=target/onnxruntime/libonnxruntime.so
    version=$(sed -n 's/^onnxruntime==\([0-9.]*\).*/\1/p' scripts/setup/onnxruntime.txt)
    library=$library.$version
    case $(uname -sm) in
        "Linux x86_64") sum=6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f ;;
        "Linux aarch64") sum=49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a ;;
        *) fail "no ONNX Runtime is pinned for $(uname -sm): Linux on x86-64 or 64-bit ARM is needed." ;;
    esac
    matches "$sum" "$library" && return
    say "ONNX Runtime $version"
    pip
    fetch_wheel "$version"
    unpack_wheel "$version"
    matches "$sum" "$library" || fail "$library is not the pinned ONNX Runtime $version: remove $cache and run this again."
}

matches() {
    [[ -f $2 ]] && sha256sum --check --status <<<"$1  $2"
}

fetch_wheel() {
    local wheels=("$cache/onnxruntime-$1"-*"_$(uname -m).whl")
    [[ -f ${wheels[0]} ]] && python3 -m zipfile --test "${wheels[0]}" &>/dev/null && return
    rm -f "${wheels[@]}"
    # The wheel's Python is pinned too: the library inside is the same for all.
    quietly pip python3 -m pip download --disable-pip-version-check --no-deps --only-binary=:all: \
        --platform "manylinux_2_28_$(uname -m)" --implementation cp --python-version 3.11 --abi cp311 \
        --require-hashes --requirement scripts/setup/onnxruntime.txt --dest "$cache" ||
        fail "ONNX Runtime $1 could not be downloaded; pip's messages are above."
}

unpack_wheel() {
    mkdir -p target/onnxruntime
    python3 - "$cache/onnxruntime-$1"-*"_$(uname -m).whl" target/onnxruntime <<'PYTHON'
import pathlib, sys, zipfile

wheel, folder = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
for name in wheel.namelist():
    file = pathlib.PurePath(name)
    if file.name.startswith("libonnxruntime.so.") or file.name in ("LICENSE", "ThirdPartyNotices.txt"):
        part = folder / (file.name + ".part")
        part.write_bytes(wheel.read(name))
        part.replace(folder / file.name)
PYTHON
}
