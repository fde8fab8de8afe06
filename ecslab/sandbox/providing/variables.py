"""Files of variables (environmentFiles) of a container, from S3.

Source: developer guide, "Pass environment variables to an Amazon ECS container": lines of
VARIABLE=VALUE, `#` begins a comment, no quotes and no escapes; the first file that names a variable
wins, and the definition's own `environment` wins over all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecslab.model.errors import AwsError
from ecslab.sandbox.providing.asking import Neighbourhood, NotThereError

_FAILED = (
    "ResourceInitializationError: failed to download env files: file download command: non empty "
    "error stream: service call has been retried 1 time(s): {why}"
)


def fetch(files: Iterable[Mapping[str, Any]], ask: Neighbourhood, region: str) -> dict[str, str]:
    """Variable → value. Raises NotThereError."""
    found: dict[str, str] = {}
    for one in files:
        bucket, _, key = str(one["value"]).rpartition(":::")[2].partition("/")
        try:
            text = ask.read_object(bucket, key, region).decode("utf-8")
        except AwsError as error:
            raise NotThereError(_FAILED.format(why=f"{error} (s3://{bucket}/{key})")) from error
        except UnicodeDecodeError as error:
            raise NotThereError(_FAILED.format(why=f"s3://{bucket}/{key} is not UTF-8")) from error
        found = {**read(text), **found}
    return found


def read(text: str) -> dict[str, str]:
    """The variables of a file, as Docker reads an env-file."""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.lstrip().partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value
    return found
