"""What all rooms' tests share: Hypothesis profiles, skips with their reason, images, a browser."""

import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from ecslab.locale import set_language
from ecslab.sandbox.filelock import FileLock
from tests import needs
from tests.images import BUSYBOX, ENDPOINTS, NGINX, PHP, NoImageError, ensure_image

ON_CI = os.environ.get("CI", "").lower() in ("true", "1")

settings.register_profile("dev", deadline=None)
# CI's verdict on a commit must not hang on chance; the nightly run is where chance is let loose.
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, database=None)
settings.register_profile("nightly", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if ON_CI else "dev"))


def pytest_itemcollected(item):
    """Tests that share the engine or the browser stay on one worker each (pytest -n).

    xdist's workers read the groups as the first of all who modify the collection, so here it is
    told as soon as there is an item.
    """
    for mark in ("docker", "browser"):
        if item.get_closest_marker(mark):
            item.add_marker(pytest.mark.xdist_group(mark))
            break


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """One test at a time on the engine, of all workers: some open the same host ports."""
    if not item.get_closest_marker("docker"):
        return (yield)
    with one_on_the_engine():
        return (yield)


@contextmanager
def one_on_the_engine():
    lock = FileLock(Path(tempfile.gettempdir()) / "ecslab-test-engine.lock")
    while not lock.acquire():
        time.sleep(0.1)
    try:
        yield
    finally:
        lock.release()


def pytest_runtest_setup(item):
    for mark in needs.NEEDS:
        if item.get_closest_marker(mark) and (reason := needs.missing(mark)):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if ON_CI and report.skipped and not hasattr(report, "wasxfail"):
        fail_instead(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if ON_CI and report.skipped:
        fail_instead(report)
    return report


def fail_instead(report):
    """On CI nothing may be skipped."""
    report.outcome = "failed"
    report.longrepr = f"On CI nothing may be skipped, but: {report.longrepr[2]}"


@pytest.fixture(autouse=True)
def own_language():
    """A language that a test has chosen ends with it."""
    yield
    set_language(None)


@pytest.fixture(scope="session")
def docker_engine():
    """The engine's client, from the SDK."""
    import docker

    client = docker.from_env(timeout=600)
    yield client.api
    client.close()


def images_or_skip(client, *names):
    try:
        return [ensure_image(client, name) for name in names]
    except NoImageError as error:
        pytest.skip(f"{error} ({needs.HOW})")


@pytest.fixture(scope="session")
def docker_image(docker_engine):
    """busybox:stable on the engine; made on first use."""
    return images_or_skip(docker_engine, BUSYBOX)[0]


@pytest.fixture(scope="session")
def web_images(docker_engine):
    """nginx:alpine and the PHP image of the hands-on, on the engine; a minute on first use."""
    return images_or_skip(docker_engine, NGINX, PHP)


@pytest.fixture(scope="session")
def endpoints_image(docker_engine, docker_image):
    """The endpoints container's image; a stand-in goes again, since a learner would not notice."""
    there = docker_engine.images(ENDPOINTS)
    yield images_or_skip(docker_engine, ENDPOINTS)[0]
    if not there:
        docker_engine.remove_image(ENDPOINTS, force=True)


@pytest.fixture(scope="session")
def stub_server(tmp_path_factory):
    """A sandbox with simulated containers, time 50 times faster; one for each worker."""
    from tests.sandbox.serving import Served

    state = tmp_path_factory.mktemp("stub") / "sandbox"
    server = Served(state, "--runtime", "stub", "--speed", "50")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def stub_sandbox(stub_server, monkeypatch):
    """The simulated sandbox with nothing in it, and the environment that points at it."""
    from ecslab import sandbox

    sandbox.reset(stub_server.port)
    point_at(stub_server, monkeypatch)
    return stub_server


@pytest.fixture
def docker_sandbox(web_images, monkeypatch, tmp_path):
    """A sandbox with real containers, which it removes at the end; the environment points at it."""
    from tests.sandbox.serving import Served

    server = Served(tmp_path / "sandbox", "--runtime", "docker", "--speed", "10")
    server.start()
    point_at(server, monkeypatch)
    yield server
    server.stop()


def point_at(server, monkeypatch):
    """What a learner's shell would have in it."""
    monkeypatch.setenv("ECSLAB_PORT", str(server.port))
    monkeypatch.setenv("ECSLAB_HOME", str(server.state.parent))


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, as Playwright's synchronous Browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=needs.chromium(),
            args=["--no-sandbox"],  # root, as CI is, has no other way
        )
        yield browser
        browser.close()
