"""What containers get from elsewhere: secrets, files of variables, a log stream."""

from ecslab.sandbox.providing.provider import Provider

__all__ = ["Provider"]
