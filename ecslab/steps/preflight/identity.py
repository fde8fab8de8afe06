"""Who one is on AWS, how long still, and what is wrong when one is nobody."""

from __future__ import annotations

import datetime
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.finding import Finding
from ecslab.steps import remedies
from ecslab.steps.login import Login
from ecslab.steps.preflight.asking import ELSEWHERE, Answer, Asker

_ = translator("steps")

CREDENTIALS = _("AWS credentials")
NETWORK = _("network")
IDENTITY = _("AWS identity")
SOON = 3600.0
"""Seconds: a login that ends sooner ends within the session."""


_LINE = ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError",
         "ConnectionClosedError", "ProxyConnectionError", "SSLError")  # fmt: skip
"""What botocore raises when AWS cannot be reached; the last two have a cause to look at."""


def nobody(answer: Answer, login: Login | None) -> Finding:
    """What to say when there are no credentials, or none that AWS takes."""
    assert answer.error is not None
    remedy = _again(login or Login()) if is_expired(answer) else None
    if answer.code in remedies.UNSIGNED or answer.code in remedies.UNKNOWN:
        remedy = _("Enter the keys again, both of them: `aws configure{option}`.",
                   option=_option(login))  # fmt: skip
    hint = remedy or _commanding(answer, login)
    unreached = type(answer.cause).__name__ in _LINE
    name = NETWORK if unreached else CREDENTIALS
    return Finding(name, "missing", answer.error.message, hint)


def is_expired(answer: Answer) -> bool:
    """Whether a login is over, as AWS or botocore says."""
    name = type(answer.cause).__name__
    code = _code(answer.cause)
    return code in remedies.EXPIRED or "SSO" in name or name in (
        "TokenRetrievalError", "UnauthorizedSSOTokenError", "LoginRefreshRequired",
        "CredentialRetrievalError",
    )  # fmt: skip


def _code(cause: Exception | None) -> str:
    return str(getattr(cause, "response", {}).get("Error", {}).get("Code", ""))


def _option(login: Login | None) -> str:
    return f" --profile {login.profile}" if login and login.profile else ""


def _again(login: Login) -> Text:
    option = _option(login)
    if login.method.startswith("sso"):
        return _("Log in again: `aws sso login{option}`.", option=option)
    if login.method == "login":
        return _("Log in again: `aws login{option}`.", option=option)
    if login.mfa or login.method == "env":
        return _(
            "Fetch new temporary keys and set them as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
            "AWS_SESSION_TOKEN: `aws sts get-session-token --serial-number ARN-OF-YOUR-MFA-DEVICE "
            "--token-code CODE`, or `aws sso login{option}`.",
            option=option,
        )
    return _(
        "Log in again: `aws sso login{option}`, or put new keys in: `aws configure{option}`.",
        option=option,
    )


def _commanding(answer: Answer, login: Login | None) -> Text | str:
    name = type(answer.cause).__name__
    if name in ("NoCredentialsError", "PartialCredentialsError"):
        return _(
            "Set them up: `aws configure` with an access key, or `aws configure sso` for IAM "
            "Identity Center. Without an account: `python3 start.py` uses the sandbox."
        )
    if name == "ProfileNotFound":
        return _("`aws configure list-profiles` lists those there are; `aws configure --profile "
                 "NAME` makes one.")  # fmt: skip
    if name in _LINE:
        hint = answer.error.hint if answer.error and name in _LINE[-2:] else ""
        return _(
            "Look at the network connection and the region, and whether AWS answers: "
            "`curl -sI https://sts.amazonaws.com`. {hint}",
            hint=hint or "",
        )
    return _("See what the AWS CLI says: `aws sts get-caller-identity{option}`.",
             option=_option(login))  # fmt: skip


def credentials(asker: Asker) -> Finding:
    """Where they come from, and how long they hold."""
    held = asker.session.get_credentials()
    login = asker.login
    where = f"{login.method}, {login.profile}" if login.profile else login.method
    until = getattr(held, "_expiry_time", None)  # botocore keeps it for itself
    if until is None:
        return Finding(CREDENTIALS, "ready", _("from {where}", where=where))
    left = (until - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    said = _(
        "from {where}, until {until} (in {minutes} minutes)",
        where=where,
        until=until.astimezone().strftime("%H:%M"),
        minutes=int(max(0, left) // 60),
    )
    renews = login.method.startswith(("assume-role", "iam-role", "container-role", "custom"))
    if left >= SOON or renews:
        return Finding(CREDENTIALS, "ready", said)
    return Finding(CREDENTIALS, "warning", said, _again(login))


def identity(asker: Asker) -> Finding:
    """The ARN, the account and its name; the root user is advised against."""
    aliases = asker.ask("iam", "list_account_aliases")
    names = aliases.value.get("AccountAliases", []) if aliases.value else []
    account = f"{asker.account} ({names[0]})" if names else asker.account
    said = _("{arn}, account {account}", arn=asker.arn, account=account)
    if not is_root(asker.arn):
        return Finding(IDENTITY, "ready", said)
    return Finding(
        IDENTITY,
        "warning",
        _("{who}: this is the root user, who may do everything and is nobody's to work as.",
          who=said),
        _(
            "Make a user for the workshop and work as that one: `aws iam create-user --user-name "
            "ecslab`, then the policies as iam/README.md says, then `aws configure --profile "
            "ecslab`."
        ),
    )  # fmt: skip


def is_root(arn: str) -> bool:
    """Whether this is the account's root user."""
    return arn.endswith(":root")


def not_enabled(asker: Asker, answer: Answer) -> bool:
    """Whether AWS knows these credentials elsewhere: then the region is not enabled."""
    if answer.code not in remedies.UNKNOWN or asker.region in ("", ELSEWHERE):
        return False
    known: Any = Asker(asker.session, ELSEWHERE).ask("sts", "get_caller_identity")
    return known.error is None
