"""How this kernel is logged in to AWS, for saying how to log in again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecslab.locale import Text, translator

_ = translator("steps")


@dataclass(frozen=True)
class Login:
    """Where the credentials come from."""

    profile: str = ""
    """The AWS profile; "" for none."""
    method: str = ""
    """As botocore calls it: "env", "shared-credentials-file", "sso", "assume-role", …"""
    mfa: bool = False
    """Whether the profile asks for a code of a device."""

    def again(self) -> Text:
        """What to do when it has expired."""
        option = f" --profile {self.profile}" if self.profile else ""
        if self.method.startswith("sso"):
            return _(
                "Log in again in a terminal: `aws sso login{option}`. Then run this cell again.",
                option=option,
            )
        if self.method == "login":
            return _(
                "Log in again in a terminal: `aws login{option}`. Then run this cell again.",
                option=option,
            )
        if self.mfa:
            return _(
                "Run the cell with ecslab.connect(...) again: it asks for a new MFA code. "
                "Then run this cell again."
            )
        if self.method == "env":
            return _(
                "Fetch new keys and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                "AWS_SESSION_TOKEN with them, then connect again (ecslab.connect) and run this "
                "cell again."
            )
        return _(
            "Log in again (`aws sso login{option}`, or put new keys into ~/.aws/credentials), then "
            "connect again (ecslab.connect) and run this cell again.",
            option=option,
        )


_now = Login()


def logged_in(session: Any) -> Login:
    """Remember how a botocore session is logged in; called by who connects."""
    global _now  # a kernel has one login, as it has one environment
    credentials = session.get_credentials()
    profile = session.get_config_variable("profile") or ""
    settings = session.get_scoped_config()
    _now = Login(profile, getattr(credentials, "method", "") or "", "mfa_serial" in settings)
    return _now


def login() -> Login:
    """How this kernel is logged in."""
    return _now
