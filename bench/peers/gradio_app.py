"""The demo that people usually write: transformers' pipeline in a Gradio app."""

import sys

import gradio
from transformers import pipeline

folder, port = sys.argv[1], int(sys.argv[2])
classify = pipeline("sentiment-analysis", model=folder, top_k=None)


def analyze(text: str) -> dict[str, float]:
    [results] = classify([text], truncation=True)
    return {result["label"]: result["score"] for result in results}


app = gradio.Interface(analyze, gradio.Textbox(), gradio.Label(), api_name="predict")
app.launch(server_name="127.0.0.1", server_port=port, quiet=True)
