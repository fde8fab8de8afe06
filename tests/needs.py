"""What a test may need of the machine, and how to see whether it is there."""

import functools
import importlib.util
import shutil

HOW = "run: python3 start.py test --system"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def docker():
    """Why no Docker engine can be used; None when one answers."""
    from docker import from_env
    from docker.errors import DockerException

    try:
        from_env(timeout=10).ping()
    except DockerException:
        return "no Docker engine answers"
    return None


def dot():
    """Why Graphviz cannot draw; None when it can."""
    return None if shutil.which("dot") else "Graphviz's dot is not installed"


def browser():
    """Why no page can be opened; None when it can."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return None if chromium() else "Chromium is not installed"


def chromium():
    """The path of a Chromium; None when there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


NEEDS = {"docker": docker, "dot": dot, "browser": browser}


@functools.cache
def missing(mark):
    """The reason to skip a test with this mark; None when it can run."""
    why = NEEDS[mark]()
    return f"{why} ({HOW})" if why else None
