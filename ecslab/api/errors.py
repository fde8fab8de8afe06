"""Error answers of the ECS API, in the form of AWS's JSON 1.1 protocol."""

from __future__ import annotations

from ecslab.model.errors import AwsError


def members(error: AwsError) -> dict[str, object]:
    """The answer's body: `__type` names the exception, `message` says what is wrong."""
    return {"__type": error.code, "message": error.message, **error.members}


def unknown_operation(target: str) -> AwsError:
    """Nothing in the ECS API has this name."""
    shown = target[:200] or "(none)"
    return AwsError("UnknownOperationException", f"{shown} is not an operation of Amazon ECS.")


def not_in_sandbox(operation: str) -> AwsError:
    """An operation AWS has and the sandbox lacks."""
    return AwsError("UnsupportedFeatureException", f"{operation} is not in this sandbox yet.")


def serialization(message: str) -> AwsError:
    """A member of the wrong JSON type, or no JSON at all."""
    return AwsError("SerializationException", message)


def too_large(limit: int) -> AwsError:
    """A body above the border's limit, in bytes."""
    text = f"The request is larger than the {limit} bytes that are accepted here."
    return AwsError("RequestEntityTooLargeException", text, status=413)


def server_error(reference: str) -> AwsError:
    """A fault of the sandbox itself: 500 as on AWS, and the id under which the log tells more."""
    text = f"The sandbox failed inside. Its log tells more under reference {reference}."
    return AwsError("ServerException", text, status=500)
