# shellcheck shell=bash
# What the recipe of the model needs, from PyPI: the only part of Valence that wants PyTorch.

training_tools() {
    have python3 || debian "Python, for the training" python3
    python_packages training training-venv "PyTorch and what else trains the model (a few minutes)"
}
