"""All notebooks, one after another, on target "aws": signed, paged, and clean afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from tests.aws.front import SECRET, TOKEN, Front
from tests.aws.race import WHOLE
from tests.notebooks import running
from tools.notebooks.files import names, path_of, read, tags

LONG = ("01", "02", "04", "05", "06", "07", "08", "09")
"""They make no calls, or calls that `flow` makes too: only the nightly run has them."""
ALL = [one for one in names(running.NOTEBOOKS, "ja") if WHOLE or not one.startswith(LONG)]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """IPython in this process, in which a learner says yes to the cost."""
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    here = Path.cwd()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()
    os.chdir(here)


def faults(shell: InteractiveShell, name: str, notebooks: Path) -> Iterator[str]:
    """What is wrong with a notebook, cell by cell."""
    path = path_of(notebooks, "ja", name)
    os.chdir(path.parent)
    shell.reset(new_session=False)
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        with capture_output() as shown:
            result = shell.run_cell(cell.source, store_history=False)
        text = f"{shown.stdout}{shown.stderr}{result.result!r}"
        if result.success == ("raises-exception" in tags(cell)) or "Traceback" in text:
            yield f"{name} {cell.id}: {result.error_in_exec!r}\n{text}"
        elif "check" in tags(cell) and "✗" in text:
            yield f"{name} {cell.id} found something that is not done:\n{text}"
        elif SECRET in text or TOKEN in text:
            yield f"{name} {cell.id} shows a secret"


def test_the_notebooks_run_on_an_account_and_leave_only_what_was_there(
    front: Front,
    shell: InteractiveShell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path / "home"))
    notebooks = running.kit(tmp_path)
    for name in ALL:
        since = len(front.seen)
        assert list(faults(shell, name, notebooks)) == []
        print(f"{name}: {len(front.seen) - since} calls")
    assert {one.service for one in front.seen} >= {"ecs", "ec2", "cloudformation", "sts"}
    assert "ListTaskDefinitions" in {one.operation for one in front.seen if one.paged}
    assert not any(one.attempt > 1 for one in front.seen)
