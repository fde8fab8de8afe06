"""``python3 start.py --no-browser`` as a newcomer runs it, timed: CI runs this file.

The standard library alone, since this is what makes the environment. Waits until the sandbox and
JupyterLab answer, ends JupyterLab as Ctrl-C does, stops the sandbox and sees that both are gone.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
SET_UP = 600
"""Seconds the first set-up may take on a slow line."""
END = 30
"""Seconds JupyterLab may take to end."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port, path):
    """What is answered there, None while nobody does."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return json.load(response)
    except (OSError, ValueError):
        return None


def wait_for(port, path, process, log):
    """The first answer; it must come while the process lives."""
    began = time.monotonic()
    while (found := answer(port, path)) is None:
        if process.poll() is not None or time.monotonic() - began > SET_UP:
            sys.exit(f"Nobody answers at {port}{path}. What start.py said:\n{log.read_text()}")
        time.sleep(0.2)
    return found


def main():
    sandbox, jupyter = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="ecslab-first-hour-") as home:
        log = Path(home) / "start.log"
        environment = {**os.environ, "ECSLAB_HOME": home, "ECSLAB_PORT": str(sandbox)}
        line = [sys.executable, "start.py", "--no-browser", "--lang", "en", "--port", str(jupyter)]
        began = time.monotonic()
        with log.open("wb") as said:
            process = subprocess.Popen(
                line, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT
            )
        try:
            status = wait_for(sandbox, "/_ecslab/status", process, log)
            print(f"sandbox ({status['runtime']}) after {time.monotonic() - began:.1f} s")
            version = wait_for(jupyter, "/api", process, log)["version"]
            print(f"JupyterLab (server {version}) after {time.monotonic() - began:.1f} s")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            process.wait(END)
        assert answer(jupyter, "/api") is None, "JupyterLab goes on"
        stop(environment)
        assert answer(sandbox, "/_ecslab/status") is None, "the sandbox goes on"
    print("Both answered, both are gone.", flush=True)


def stop(environment):
    """Stop the sandbox as the README says it."""
    folder = "Scripts" if sys.platform == "win32" else "bin"
    command = [str(ROOT / ".venv" / folder / "ecslab"), "sandbox", "stop"]
    subprocess.run(command, env=environment, check=True)


if __name__ == "__main__":
    main()
