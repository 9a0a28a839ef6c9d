"""The service that people usually write: transformers' pipeline behind FastAPI and uvicorn."""

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from transformers import pipeline

folder, port = sys.argv[1], int(sys.argv[2])
classify = pipeline("sentiment-analysis", model=folder, top_k=None)
app = FastAPI()


class Request(BaseModel):
    text: str


# Not async: FastAPI then runs it on its pool of threads.
@app.post("/analyze")
def analyze(request: Request) -> list[dict]:
    [results] = classify([request.text], truncation=True)
    return results


uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
