"""Images built on a small Debian that debootstrap makes: nginx and php-fpm."""

import io
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

BASE = "ecslab-test-debian"
SUITE = "bookworm"
INCLUDED = "nginx-light,php8.2-fpm,curl,wget"
UNUSED = ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/man")


def build(client, name, dockerfile):
    """Build one of the Dockerfiles beside this file; makes the base on first use (a minute)."""
    if not client.images(f"{BASE}:{SUITE}"):
        make_base(client)
    lines = client.build(
        fileobj=io.BytesIO(dockerfile.read_bytes()), tag=name, decode=True, rm=True
    )
    said = list(lines)
    if any("error" in line for line in said):
        raise RuntimeError(f"{dockerfile.name}: {said[-3:]}")


def make_base(client):
    """Debian's base system with what both images run, as one layer."""
    with tempfile.TemporaryDirectory(prefix="ecslab-debian-") as place:
        root = Path(place) / "root"
        command = ["debootstrap", "--variant=minbase", f"--include={INCLUDED}", SUITE, str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"debootstrap failed:\n{done.stdout[-2000:]}{done.stderr[-500:]}")
        packed = Path(place) / "root.tar"
        with tarfile.open(packed, "w") as tar:
            tar.add(root, ".", filter=needed)
        client.import_image_from_file(str(packed), repository=BASE, tag=SUITE)


def needed(entry):
    """The entry, None if it is a part that only fills the image."""
    path = os.path.normpath(entry.name)
    return None if path.startswith(tuple(f"{folder}/" for folder in UNUSED)) else entry
