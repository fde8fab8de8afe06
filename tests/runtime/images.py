"""An image made on the engine without a registry: busybox and nothing else."""

import io
import os
import shutil
import tarfile
import uuid

APPLETS = (
    "sh sleep httpd echo cat true false id env kill wget nc test ls mkdir printf touch dd tail pwd"
)
IMAGE = "ecslab-test-busybox:stable"


def ensure_image(client):
    """Make `IMAGE` where it is not there yet; needs a static busybox (busybox-static)."""
    if any(IMAGE in (i.get("RepoTags") or ()) for i in client.images()):
        return IMAGE
    busybox = shutil.which("busybox") or "/bin/busybox"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for folder in ("bin", "tmp", "etc"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        tar.add(busybox, "bin/busybox")
        for applet in APPLETS.split():
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    repository, _, tag = IMAGE.partition(":")
    client.import_image_from_data(
        packed.getvalue(), repository=repository, tag=tag, changes=["ENV PATH=/bin", 'CMD ["sh"]']
    )
    return IMAGE


def unique():
    """A name nobody else has."""
    return f"t{os.getpid()}-{uuid.uuid4().hex[:8]}"
