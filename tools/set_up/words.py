"""Every sentence of the set-up, in Japanese and English: the catalogues are not there yet."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping

LANGUAGES = ("ja", "en")

WORDS = {
    "making": (
        "{tool} で環境を {folder} に作ります。初回は 1〜3 分かかります。",
        "Making the environment in {folder} with {tool}. This takes 1 to 3 minutes the first time.",
    ),
    "fetching": ("  {count} 個目のパッケージ: {name}", "  package {count}: {name}"),
    "no dot": (
        "Graphviz の dot が見つからないので、Graphviz を含む pygraphviz も入れます。",
        "Graphviz's dot is not on this machine: adding pygraphviz, which carries Graphviz.",
    ),
    "ready": (
        "環境の準備ができました（{seconds:.0f} 秒）。",
        "The environment is ready ({seconds:.0f} s).",
    ),
    "no venv": (
        "この Python ({python}) には venv か ensurepip がありません。\n"
        "  Debian / Ubuntu: sudo apt-get install python3-venv\n"
        "  または uv を入れてください: https://docs.astral.sh/uv/\n"
        "  そのあと、もう一度実行してください。",
        "This Python ({python}) lacks venv or ensurepip.\n"
        "  Debian / Ubuntu: sudo apt-get install python3-venv\n"
        "  or install uv: https://docs.astral.sh/uv/\n"
        "  Then run the same command again.",
    ),
    "failed": (
        "次のコマンドが失敗しました（終了コード {code}）: {command}\n{tail}\n"
        "  PyPI に届くか（プロキシなら HTTPS_PROXY）、ディスクの空き（約 1 GB）を確かめて、"
        "もう一度実行してください。",
        "This command failed (status {code}): {command}\n{tail}\n"
        "  Check that this machine reaches PyPI (behind a proxy: HTTPS_PROXY) and has about 1 GB "
        "of disk left, then run the same command again.",
    ),
    "cannot run": (
        "{program} を実行できません: {why}\n"
        "  入れ直すか、PATH から外して、もう一度実行してください。",
        "{program} cannot be run: {why}\n  Install it again or take it off PATH, then run again.",
    ),
    "no file": (
        "{file} がありません。git clone したフォルダーの中身を消していないか確かめてください"
        "（git status で分かります）。",
        "{file} is missing. See with `git status` whether a file of the clone was removed.",
    ),
    "cannot write": (
        "{folder} に書けません: {why}\n  自分のフォルダーに git clone し直してください。",
        "{folder} cannot be written: {why}\n  Clone the repository into a folder of yours.",
    ),
    "unknown": (
        "{word} は分かりません。使い方: python3 start.py --help",
        "{word} is not known here. How to use it: python3 start.py --help",
    ),
    "no value": ("{option} には値が必要です: {example}", "{option} needs a value: {example}"),
    "not one of": (
        "{option} の値は {choices} のどれかです（{value} ではなく）。",
        "{option} must be one of {choices}, not {value}.",
    ),
    "not a port": (
        "--port は 1 から 65535 までの数です（{value} ではなく）。",
        "--port must be a number from 1 to 65535, not {value}.",
    ),
    "checks": ("検査します。", "Checking."),
    "tests": ("テストを実行します。", "Running the tests."),
    "installing": ("apt で入れます: {packages}", "Installing with apt: {packages}"),
    "not root": (
        "--system は root で実行してください（例: sudo python3 start.py test --system）。\n"
        "  または次を自分で入れてください: {packages}",
        "--system needs root (for example sudo python3 start.py test --system).\n"
        "  Or install these yourself: {packages}",
    ),
    "no apt": (
        "この OS には apt がないので、--system は次を入れられません: {names}\n"
        "  自分で入れるか、--system なしで実行してください（そのテストは理由を示して飛ばします）。",
        "There is no apt on this system, so --system cannot install: {names}\n"
        "  Install them yourself, or run without --system: those tests are skipped by name.",
    ),
    "apt failed": (
        "apt が失敗しました: {command}\n{tail}\n"
        "  ほかの apt が動いていないか、ネットワークに届くかを確かめて、もう一度実行してください。",
        "apt failed: {command}\n{tail}\n"
        "  Check that no other apt runs and that this machine reaches its package server, "
        "then run again.",
    ),
    "engine starts": (
        "Docker エンジンを起動します（テストのあとで止めます。ログ: {log}）。",
        "Starting a Docker engine, stopped after the tests (log: {log}).",
    ),
    "engine failed": (
        "Docker エンジンが {seconds:.0f} 秒たっても応答しません: {why}\n"
        "  ログ: {log}\n"
        "  Docker を自分で起動するか、--system なしで実行してください。",
        "No Docker engine answers after {seconds:.0f} s: {why}\n"
        "  Log: {log}\n"
        "  Start Docker yourself, or run without --system.",
    ),
    "help": (
        """\
使い方:
  python3 start.py              環境を作り、サンドボックスを起動し、JupyterLab で教材を開きます
      --lang ja|en              言葉（既定: 環境変数 ECSLAB_LANG、次にロケール）
      --target sandbox|aws      サンドボックス（既定）か、自分の AWS アカウントか
      --port N                  JupyterLab のポート（既定: 空いているもの）
      --no-browser              ブラウザーを開かず、アドレスを表示します
  python3 start.py test         テストをすべて実行します。続けて書いた引数は pytest に渡ります
      --system                  先に Docker・dot・Chromium などを apt で入れます（root で実行）
  python3 start.py check        書式・型・構成・教材の検査をまとめて実行します
""",
        """\
Usage:
  python3 start.py              make the environment, start the sandbox, open the notebooks
      --lang ja|en              language (default: ECSLAB_LANG, then the locale)
      --target sandbox|aws      the sandbox (default) or your AWS account
      --port N                  JupyterLab's port (default: a free one)
      --no-browser              open no browser, print the address
  python3 start.py test         run all tests; further arguments go to pytest
      --system                  first install Docker, dot, Chromium … with apt (as root)
  python3 start.py check        all checks of style, types, architecture and notebooks
""",
    ),
}  # fmt: skip


class Trouble(Exception):  # noqa: N818  it is what the learner has, in both languages
    """A step that cannot be done: what is wrong and what to do."""

    def __init__(self, key: str, status: int = 1, **args: object) -> None:
        super().__init__(key)
        self.key, self.status, self.args_of_text = key, status, args

    def in_both(self, lang: str) -> str:
        """The sentence in the language chosen, then in the other."""
        order = [lang, *(other for other in LANGUAGES if other != lang)]
        return "\n".join(text(self.key, one, **self.args_of_text) for one in order)


def text(key: str, lang: str, **args: object) -> str:
    """One of the sentences, filled in."""
    template = WORDS[key][LANGUAGES.index(lang)]
    return template.format(**args) if args else template


def language(environment: Mapping[str, str] = os.environ) -> str:
    """Either "ja" or "en", as the kit itself chooses it; where no variable says, the system's."""
    for name in ("ECSLAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "ja" if environment[name].lower().startswith("ja") else "en"
    try:
        system = locale.getlocale()[0] or ""
    except ValueError:  # a locale that Python does not know
        system = ""
    return "ja" if system.lower().startswith("ja") else "en"
