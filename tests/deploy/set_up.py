"""Runs steps of the set-up, and what makes the image's bases, on stand-ins for the programs that they would call.

Each has a folder of its own.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Ends before it writes what npm writes last, where the program that it installs is to fail.
NPM = """
mkdir -p "$3/node_modules/binaryen/bin"
echo "$WASM_OPT" >"$3/node_modules/binaryen/bin/wasm-opt"
[[ $WASM_OPT != "exit 1" ]]
touch "$3/node_modules/.package-lock.json"
"""

# Makes environments whose pip names its Python, as that of Python's own does.
PYTHON = """
[[ $* == "-m venv --clear "* ]]
mkdir -p "$4/bin"
ln -sf /bin/true "$4/bin/python"
printf '#!%s\\n' "$PWD/$4/bin/python" >"$4/bin/pip"
chmod +x "$4/bin/pip"
"""

# Has no image, reaches no registry, and keeps what else it is asked.
BUILDAH = """
[[ $1 != inspect && $1 != pull ]]
echo "$@" >>asked
"""

# As rustup's is where no toolchain was chosen.
RUSTC = """
echo "error: rustup could not choose a version of rustc to run" >&2
exit 1
"""

# Steps of debian_rust, in the place rather than in the system.
DEBIAN_RUST = """
debian() { :; }
recent_enough() { :; }
borrow_linker() { :; }
as_root() { "${@/#\\//$PWD/}"; }
build_wasm_std() { mkdir -p usr/lib/rustlib/wasm32-unknown-unknown/lib; }
umask 077
"""


class Place:
    """A project with nothing but its scripts, and programs that a test puts before the system's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        shutil.copy(ROOT / "Cargo.toml", folder)
        for part in ("programs", "cache", "target/setup", "target/tools"):
            (folder / part).mkdir(parents=True)

    def program(self, name: str, script: str) -> None:
        file = self.folder / "programs" / name
        file.write_text(f"#!/usr/bin/env bash\nset -euo pipefail\n{script}")
        file.chmod(0o755)

    def run(self, step: str, **variables: str) -> tuple[int, str]:
        """The step's exit code and all that it says."""
        sources = "for file in scripts/setup/*.sh; do source $file; done"
        command = ["bash", "-euo", "pipefail", "-c", f"cache=$PWD/cache; {sources}; {step}"]
        environment = {"PATH": f"{self.folder}/programs:/usr/bin:/bin", **variables}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        return done.returncode, done.stdout


def wasm_opt_is_installed_again_after_half_an_installation(place: Place) -> None:
    place.program("npm", NPM)
    place.program("node", 'exec bash "$@"')
    code, words = place.run("wasm_opt", WASM_OPT="exit 1")
    assert code == 1 and "could not be installed" in words, words
    code, words = place.run("wasm_opt", WASM_OPT="echo 132")
    assert code == 0 and "binaryen" in words, words
    assert place.run("wasm_opt", WASM_OPT="none") == (0, "")
    (program,) = place.folder.glob("cache/*/node_modules/binaryen/bin/wasm-opt")
    program.write_text("exit 1")
    code, words = place.run("wasm_opt", WASM_OPT="none")
    assert code == 1 and f"remove {program.parents[3]} and run this again" in words, words


def packages_are_installed_again_once_the_project_was_moved(place: Place) -> None:
    place.program("python3", PYTHON)
    (place.folder / "list").mkdir()
    (place.folder / "list/requirements.txt").touch()
    step = "python_packages list some-venv packages"
    installed = (0, "set-up: packages, in target/some-venv\n")
    assert place.run(step) == installed
    assert place.run(step) == (0, "")
    (place.folder / "target/some-venv/bin/python").unlink()
    assert place.run(step) == installed
    place.folder = place.folder.rename(place.folder.with_name("moved"))
    assert place.run(step) == installed
    assert place.run(step) == (0, "")


def an_environment_without_pip_is_named_and_left_alone(place: Place) -> None:
    place.program("python3", "exit 1")
    place.program("apt-get", "touch installed")
    code, words = place.run("pip", VIRTUAL_ENV="/some/environment")
    assert code == 1 and words.startswith("set-up: the virtual environment /some/environment has no pip"), words
    assert not (place.folder / "installed").exists()


def a_missing_toolchain_is_no_old_one(place: Place) -> None:
    place.program("rustc", RUSTC)
    place.program("rustup", "exit 1")
    code, words = place.run("! add_wasm '' && ! add_stable ''")
    assert (code, words) == (0, "set-up: Rust's stable toolchain, since there is none\n"), words


# Its cargo, of another compiler, built the limit anew.
def what_is_measured_is_built_by_the_compiler_of_what_is_served(place: Place) -> None:
    shutil.copy(ROOT / "Makefile", place.folder)
    (place.folder / "scripts/setup.sh").write_text("#!/bin/sh\n")
    (place.folder / "target/setup/toolchain").write_text("chosen\n")
    (place.folder / "target/bench-venv/bin").mkdir(parents=True)
    place.program("cargo", 'echo "$RUSTUP_TOOLCHAIN"')
    (place.folder / "target/bench-venv/bin/python").symlink_to(place.folder / "programs/cargo")
    assert place.run("make bench") == (0, "chosen\n" * 3)


def the_browser_is_found_by_any_of_its_names(place: Place) -> None:
    programs = place.folder / "programs"
    for name in ("bash", "env", "tail"):
        (programs / name).symlink_to(shutil.which(name))
    place.program("sudo", 'exec "$@"')
    place.program("apt-get", "[[ $1 == update ]]")
    # Not the system's, which may have a browser.
    code, words = place.run("browser", PATH=str(programs))
    assert code == 1 and "(Chromium or Google Chrome) could not be installed" in words, words
    for name in ("google-chrome-stable", "google-chrome", "chromium-browser", "chromium"):
        place.program(name, "")
        assert place.run("browser", PATH=str(programs)) == (0, "")
        assert (place.folder / "target/setup/browser").read_text() == f"{programs / name}\n"


def publishing_wants_neither_rust_nor_node(place: Place) -> None:
    place.program("python3", PYTHON)
    for name in ("rustc", "cargo", "rustup", "node", "npm"):
        place.program(name, "exit 1")
    (place.folder / "deploy").mkdir()
    (place.folder / "deploy/requirements.txt").touch()
    said = "set-up: the tools that check and publish, in target/deploy-venv\n"
    assert place.run("scripts/setup.sh publish", HOME=str(place.folder)) == (0, said)


def a_library_built_here_is_for_whoever_builds(place: Place) -> None:
    for name in ("apt-get", "rustup"):
        place.program(name, "")
    code, words = place.run(DEBIAN_RUST + "serves() { :; }\ndebian_rust")
    assert code == 0, words
    folder = place.folder / "usr/lib/rustlib/wasm32-unknown-unknown/lib"
    assert folder.stat().st_mode & 0o777 == 0o755, oct(folder.stat().st_mode)
    code, words = place.run(DEBIAN_RUST + "serves() { false; }\ndebian_rust")
    assert code == 1 and "does not build for wasm32-unknown-unknown: run 'rustup" in words, words


def a_base_that_cannot_be_made_says_why_and_a_stand_in_is_named(place: Place) -> None:
    shutil.copytree(ROOT / "tests/image", place.folder / "tests/image")
    shutil.copy(ROOT / "Dockerfile", place.folder)
    place.program("buildah", BUILDAH)
    place.program("debootstrap", 'mkdir -p "${@: -1}/etc/ssl/certs"')
    place.program("chroot", "echo 'E: the mirror is gone' >&2; exit 100")
    for name in ("cp", "rustc", "rustup", "tar"):
        place.program(name, "")
    code, words = place.run("tests/image/bases.sh", HOME=str(place.folder))
    assert code == 1 and "a stand-in takes its name" in words and "E: the mirror is gone" in words, words
    assert "config --label stand-in=yes" in (place.folder / "asked").read_text()
    place.program("buildah", "echo yes")
    code, words = place.run("tests/image/bases.sh")
    assert code == 0 and words.count("is a stand-in, made here before") == 2, words


def main() -> None:
    tests = [
        wasm_opt_is_installed_again_after_half_an_installation,
        packages_are_installed_again_once_the_project_was_moved,
        an_environment_without_pip_is_named_and_left_alone,
        a_missing_toolchain_is_no_old_one,
        what_is_measured_is_built_by_the_compiler_of_what_is_served,
        the_browser_is_found_by_any_of_its_names,
        publishing_wants_neither_rust_nor_node,
        a_library_built_here_is_for_whoever_builds,
        a_base_that_cannot_be_made_says_why_and_a_stand_in_is_named,
    ]
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            test(Place(Path(folder) / "project"))
    print(f"{len(tests)} tests of the set-up hold")


main()
