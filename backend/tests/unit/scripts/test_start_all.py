"""The commands a person starts with, run with stand-ins for Python and tocsin that write down how they were called."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
OLD = "#!/bin/sh\nexit 1\n"
PYTHON = """#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case "$*" in
    "-m venv --clear .venv") [ -z "$NO_ENSUREPIP" ] || exit 1; mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    "-m venv --without-pip .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    "-m pip --version") [ "$(basename "$0")" = python3 ] || [ -z "$NO_ENSUREPIP" ] ;;
    *"-e backend") printf '#!/bin/sh\\necho "tocsin $*"\\n' >.venv/bin/tocsin; chmod +x .venv/bin/tocsin ;;
esac
"""  # fmt: skip


class Place:
    """A copy of the scripts in a folder of its own, whose only Python is a stand-in."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a folder"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        shutil.copytree(REPOSITORY / "scripts", self.root / "scripts")
        (self.root / "backend").mkdir()
        for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
            (self.root / "backend" / name).write_text(name, encoding="utf-8")
        self.bin.mkdir()
        for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
            self.stand_in(name, PYTHON if name == "python3" else OLD)

    def stand_in(self, name: str, text: str) -> None:
        file = self.bin / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def run(self, script: str, *arguments: str, no_ensurepip: str = "") -> subprocess.CompletedProcess[str]:
        self.calls.write_text("", encoding="utf-8")
        return subprocess.run(
            [str(self.root / "scripts" / script), *arguments],
            cwd="/",
            env={"PATH": f"{self.bin}:/usr/bin:/bin", "CALLS": str(self.calls), "NO_ENSUREPIP": no_ensurepip},
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        return self.calls.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_demo_replays_the_bundled_attack(place: Place) -> None:
    done = place.run("start-all.sh", "--demo")

    assert done.returncode == 0, done.stderr
    assert (
        done.stdout
        == f"tocsin replay {place.root}/content/samples/demo/attack --context {place.root}/content/samples/demo/context\n"
    )


def test_without_the_demo_it_says_what_there_is_and_what_not(place: Place) -> None:
    done = place.run("start-all.sh")

    assert done.returncode == 0
    assert "server and console are not built yet" in done.stderr
    assert "tocsin replay PATH" in done.stderr


def test_options_of_the_server_are_accepted_and_named_as_not_used(place: Place) -> None:
    done = place.run("start-all.sh", "--port", "8443", "--data", "/srv/tocsin", "--host", "127.0.0.1", "--no-ui")

    assert done.returncode == 0
    assert "not used: --port --data --host --no-ui" in done.stderr


@pytest.mark.parametrize("arguments", [("--fast",), ("--port",), ("attack.log",)])
def test_wrong_usage_is_told_before_anything_is_installed(place: Place, arguments: tuple[str, ...]) -> None:
    done = place.run("start-all.sh", *arguments)

    assert done.returncode == 2
    assert "Usage: " in done.stderr
    assert place.called() == []


def test_everything_is_installed_with_hashes_from_the_lock(place: Place) -> None:
    place.run("install.sh", "dev")

    [locked] = [call for call in place.called() if "-r" in call.split()]
    assert "--require-hashes" in locked
    assert locked.endswith("-r backend/requirements-dev.lock")


def test_the_second_time_nothing_is_installed(place: Place) -> None:
    place.run("install.sh")
    place.run("install.sh")

    assert place.called() == []


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed(place: Place, changed: str) -> None:
    place.run("install.sh")
    (place.root / "backend" / changed).write_text("changed", encoding="utf-8")
    place.run("install.sh")

    assert any(call.endswith("-e backend") for call in place.called())


def test_a_folder_that_moved_is_installed_again(place: Place) -> None:
    place.run("install.sh")
    place.root = place.root.rename(place.root.parent / "moved")
    place.run("install.sh")

    assert any(call.endswith("-e backend") for call in place.called())


def test_a_failed_installation_is_tried_again(place: Place) -> None:
    place.stand_in("python3", PYTHON.replace('*"-e backend")', '*"--require-hashes"*) exit 1 ;;\n    *"-e backend")'))
    first = place.run("install.sh")
    place.stand_in("python3", PYTHON)
    shutil.rmtree(place.root / ".venv")
    second = place.run("install.sh")

    assert (first.returncode, second.returncode) == (1, 0)
    assert any(call.endswith("-e backend") for call in place.called())


def test_a_python_without_ensurepip_is_helped_by_the_pip_outside(place: Place) -> None:
    done = place.run("install.sh", no_ensurepip="yes")

    assert done.returncode == 0, done.stderr
    assert any(call.startswith("python3 -m pip --python .venv/bin/python") for call in place.called())


def test_no_python_is_told_with_what_to_install(place: Place) -> None:
    place.stand_in("python3", OLD)
    done = place.run("install.sh")

    assert done.returncode == 1
    assert "apt install python3 python3-venv" in done.stderr
