"""``ecslab lab``: JupyterLab on the first notebook, on a sandbox that runs."""

import json
import types

import pytest

from ecslab import cli
from ecslab.cli import lab
from ecslab.locale import set_language
from ecslab.model.errors import EcslabError


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("ECSLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ECSLAB_LANG", "en")
    return tmp_path / "home"


@pytest.fixture
def became(monkeypatch):
    """What would run in this process's place, and the sandbox that would be started for it."""
    seen = {"sandboxes": 0}

    def ensure_running():
        seen["sandboxes"] += 1
        return types.SimpleNamespace(url="http://127.0.0.1:4510")

    def become(command, folder, environment):
        seen.update(command=command, folder=folder, environment=environment)
        return 0

    monkeypatch.setattr(lab.sandbox, "ensure_running", ensure_running)
    monkeypatch.setattr(lab, "_become", become)
    return seen


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_first_notebook_of_the_language_opens(became, lang):
    assert cli.main(["--lang", lang, "lab", "--no-browser", "--port", "8899"]) == 0
    command = became["command"]
    assert f"--LabApp.default_url=/lab/tree/notebooks/{lang}/00-start.ipynb" in command
    assert (became["folder"] / "notebooks" / lang / "00-start.ipynb").exists()
    assert {"--no-browser", "--ServerApp.port=8899", "--ServerApp.port_retries=0"} <= {*command}
    assert "--ServerApp.ip=127.0.0.1" in command
    assert became["environment"]["ECSLAB_LANG"] == lang


def test_a_free_port_and_a_browser_unless_told_otherwise(became):
    cli.main(["lab"])
    assert not [word for word in became["command"] if "port" in word or "browser" in word]


def test_the_sandbox_runs_before_jupyterlab_but_not_for_an_account(became, capsys):
    cli.main(["lab"])
    assert "http://127.0.0.1:4510" in capsys.readouterr().out
    cli.main(["lab", "--target", "aws"])
    assert became["sandboxes"] == 1
    assert became["environment"]["ECSLAB_TARGET"] == "aws"


def test_the_menus_speak_the_language_and_no_news_are_asked_for(became, home):
    cli.main(["--lang", "ja", "lab"])
    settings = home / "jupyterlab" / "@jupyterlab"
    assert became["environment"]["JUPYTERLAB_SETTINGS_DIR"] == str(settings.parent)
    said = [json.loads(path.read_text()) for path in sorted(settings.glob("*/*"))]
    assert {"locale": "ja_JP"} in said
    assert {"fetchNews": "false", "checkForUpdates": False} in said


def test_a_folder_without_notebooks_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lab, "__file__", str(tmp_path / "ecslab" / "cli" / "lab.py"))
    set_language("en")
    try:
        with pytest.raises(EcslabError, match="no notebooks/en/00-start"):
            lab.first_notebook("en")
    finally:
        set_language(None)


def test_without_jupyterlab_what_installs_it_is_said(became, monkeypatch, capsys):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    assert cli.main(["lab"]) == 1
    assert "python3 start.py" in capsys.readouterr().err
    assert "command" not in became
