"""The images that tests run: the engine's own, else pulled, else a stand-in made on the spot.

A stand-in behaves like the official image where the kit's lessons can tell: the page, the ports,
the folders, the log streams, the stop signal. It needs no registry, only Debian's packages. It
stays on the engine, so the next run has it at once; `docker rmi nginx:alpine` takes it away and
`docker pull nginx:alpine` puts the real one in its place.
"""

import os
import shutil
import tempfile
import time
import uuid
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ecslab.sandbox.filelock import FileLock
from tests.images import busybox, debian, endpoints

HERE = Path(__file__).parent
BUSYBOX = "busybox:stable"
NGINX = "nginx:alpine"
PHP = "php:7.3.4-fpm-alpine3.9"
ENDPOINTS = "amazon/amazon-ecs-local-container-endpoints:latest"
STAND_INS = {
    BUSYBOX: busybox.build,
    NGINX: partial(debian.build, dockerfile=HERE / "nginx.Dockerfile"),
    PHP: partial(debian.build, dockerfile=HERE / "php.Dockerfile"),
    ENDPOINTS: endpoints.build,
}
NEEDED = {BUSYBOX: ("busybox",), NGINX: ("debootstrap",), PHP: ("debootstrap",), ENDPOINTS: ()}
PATIENCE = 600
"""Seconds one process may wait for another that makes an image."""


class NoImageError(Exception):
    """The image is not there, cannot be pulled and cannot be made."""


def ensure_image(client, name=BUSYBOX):
    """`name` once it is on the engine. Safe in several processes at once."""
    with only_one():
        if not client.images(name) and not pulled(client, name):
            absent = [tool for tool in NEEDED[name] if shutil.which(tool) is None]
            if absent:
                raise NoImageError(f"no registry has {name}, and {absent[0]} is not installed")
            STAND_INS[name](client, name)
    return name


def pulled(client, name):
    """Whether a registry had it."""
    from docker.errors import APIError

    try:
        client.pull(*name.split(":"))
    except APIError:
        return False
    return bool(client.images(name))


@contextmanager
def only_one():
    """One process at a time, of all that test on this machine."""
    lock = FileLock(Path(tempfile.gettempdir()) / "ecslab-test-images.lock")
    until = time.monotonic() + PATIENCE
    while not lock.acquire():
        if time.monotonic() > until:
            raise NoImageError(f"another process has made images for {PATIENCE} s")
        time.sleep(0.1)
    try:
        yield
    finally:
        lock.release()


def unique():
    """A name nobody else has."""
    return f"t{os.getpid()}-{uuid.uuid4().hex[:8]}"
