"""Serves as a Hugging Face Space does: its variables set, the page in a frame of huggingface.co."""

import sys
from pathlib import Path

from server import ask, read, serving

HOST = "some-one-valence.hf.space"
SPACE = {"SPACE_ID": "Some.One/valence", "SPACE_HOST": HOST, "ACCELERATOR": "none"}


def main(program: str) -> None:
    with serving(program, SPACE) as base:
        with ask(f"{base}/?text=A+fine+day", method="HEAD") as answer:
            assert answer.status == 200
            assert answer.headers["X-Frame-Options"] is None and answer.headers["Set-Cookie"] is None
            policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self' https://huggingface.co https://*.hf.space" in policy
        page = read(f"{base}/?text=A+fine+day")
        assert f'content="https://{HOST}/?text=A+fine+day"' in page and f"https://{HOST}/og.png" in page
        assert base.split("//")[1] not in page
        with ask(f"{base}/og.png") as picture:
            assert picture.headers["Content-Type"] == "image/png"
    print("as a Space: links name its host, Hugging Face may frame it, no cookie is set")


main(str(Path(sys.argv[1]).resolve()))
