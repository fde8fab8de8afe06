"""A project directory in memory, so that a test shows all it reads."""

import textwrap

import pytest

from ecslab import compose


class Memory:
    """A loader over a dictionary of files."""

    def __init__(self, files):
        self.files = {f"/p/{name}": text for name, text in files.items()}

    def read(self, path):
        text = self.files.get(path)
        return text.encode() if isinstance(text, str) else text


@pytest.fixture
def load():
    """The project of a text, or of files by name, in the directory /p."""

    def load(text=None, *, files=None, use=None, environment=None, **more):
        files = dict(files or {})
        if text is not None:
            files["compose.yaml"] = text
        files = {n: textwrap.dedent(t) if isinstance(t, str) else t for n, t in files.items()}
        use = use or ["compose.yaml"]
        return compose.load(
            [f"/p/{name}" for name in use],
            loader=Memory(files),
            environment=environment or {},
            **more,
        )

    return load


@pytest.fixture
def service(load):
    """A service in canonical form, of the keys it has beside its image."""

    def service(text, top="", **more):
        body = textwrap.indent(textwrap.dedent(text), "    ")
        written = f"services:\n  web:\n    image: i\n{body}\n{textwrap.dedent(top)}"
        return load(written, **more).services["web"]

    return service


@pytest.fixture
def wrong(load):
    """The problems of what `load` cannot read."""

    def wrong(*args, **more):
        with pytest.raises(compose.ComposeError) as error:
            load(*args, **more)
        return error.value.problems

    return wrong
