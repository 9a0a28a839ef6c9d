"""Lists what is in a release as a CycloneDX bill of materials: its crates, ONNX Runtime and the model.

usage: bill.py CRATES FOLDER

CRATES is what `cargo cyclonedx` wrote, FOLDER what scripts/package.sh laid out. The bill goes to
standard output; nothing in it describes the machine that it was made on.
"""

import hashlib
import json
import re
import sys
from pathlib import Path


def component(kind: str, name: str, version: str, licence: str, purl: str, file: Path) -> dict:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "type": kind,
        "bom-ref": purl,
        "name": name,
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"expression": licence}],
        "purl": purl,
    }


def main(crates: Path, folder: Path) -> None:
    text = crates.read_text(encoding="utf-8")
    program = json.loads(text)["metadata"]["component"]
    purl = f"pkg:cargo/{program['name']}@{program['version']}"
    # The folder of the sources is this machine's affair.
    bill = json.loads(re.sub(re.escape(program["bom-ref"].split("#")[0]) + r'#[^" ]*', purl, text))
    whole = bill["metadata"]["component"]
    whole |= {"bom-ref": purl, "purl": purl}
    del whole["components"]
    (library,) = folder.glob("onnxruntime/libonnxruntime.so.*")
    version = library.name.removeprefix("libonnxruntime.so.")
    model = folder / "models" / "valence-mini"
    parts = [
        component("library", "onnxruntime", version, "MIT", f"pkg:pypi/onnxruntime@{version}", library),
        component(
            "machine-learning-model",
            model.name,
            program["version"],
            "Apache-2.0",
            f"pkg:generic/{model.name}@{program['version']}",
            model / "onnx" / "model_quantized.onnx",
        ),
    ]
    bill["components"] += parts
    next(entry for entry in bill["dependencies"] if entry["ref"] == purl)["dependsOn"] += [
        part["bom-ref"] for part in parts
    ]
    json.dump(bill, sys.stdout, indent=1)


main(Path(sys.argv[1]), Path(sys.argv[2]))
