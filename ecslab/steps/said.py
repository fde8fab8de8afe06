"""What AWS and botocore raise, said in one sentence with what to do next."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

from ecslab.locale import Text, translator
from ecslab.model.errors import EcslabError
from ecslab.steps import remedies
from ecslab.steps.easing import SLOW_DOWN
from ecslab.steps.login import login
from ecslab.steps.progress import Stopped, end
from ecslab.steps.remedies import scrubbed

_ = translator("steps")


class AwsRefusedError(EcslabError):
    """AWS answered with an error; `code` is its error code."""

    def __init__(self, message: Text | str, hint: Text | str | None, code: str) -> None:
        super().__init__(message, hint)
        self.code = code


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what botocore raises, and Ctrl-C, into an `EcslabError`."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped from None
    except EcslabError:
        raise
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        raise said from error
    finally:
        end()


def sentence(error: Exception) -> EcslabError | None:
    """The sentence for an error of botocore; None for one that is not AWS's."""
    from botocore import exceptions as boto
    from botocore.parsers import ResponseParserError

    if isinstance(error, boto.ClientError):
        return _answer(error.response, error.operation_name)
    if isinstance(error, (ResponseParserError, NotAwsError)):
        return _stranger()
    if isinstance(error, boto.BotoCoreError):
        return next(
            (say(error) for kind, say in _SENTENCES if isinstance(error, kind(boto))),
            EcslabError(scrubbed(str(error))),
        )
    return None


class NotAwsError(Exception):
    """What answered a call is no API: the page of a proxy or of a network that wants a login."""


def _answer(response: Any, operation: str) -> EcslabError:
    error, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, text = str(error.get("Code", "?")), scrubbed(str(error.get("Message", "")))
    if remedies.is_clock(code, text) or (remedies.is_identity(code) and _is_off(meta)):
        return _clock()
    if code in remedies.EXPIRED:
        return _expired(None)
    if code in remedies.UNSIGNED:
        # AWS's own words would be all that was signed.
        text = str(_("the signature is wrong: the secret key does not fit the access key"))
        hint: Text | None = _("Copy both keys again: `aws configure`, or the AWS_* variables.")
    elif meta.get("HTTPStatusCode", 0) >= 500 and code not in SLOW_DOWN:
        hint = _("AWS has trouble of its own: wait a minute, then run this again.")
    else:
        hint = remedies.hint(code, text, operation)
    message = _("{operation}: {text} ({code})", operation=operation, text=text, code=code)
    return AwsRefusedError(message, hint, code)


OFF = 240.0
"""Seconds this machine's clock may be off; AWS takes signatures of the last five minutes."""


def _is_off(meta: Any) -> bool:
    """Whether the clock is off by the time AWS answered with: EC2 does not say so by itself."""
    told = meta.get("HTTPHeaders", {}).get("date", "")
    try:
        return abs(parsedate_to_datetime(told).timestamp() - time.time()) > OFF
    except ValueError:
        return False


def _clock() -> EcslabError:
    return EcslabError(
        _("AWS refuses what this machine signs, since its clock is wrong."),
        _(
            "Set it by the network (Linux and WSL: `sudo timedatectl set-ntp true`; macOS, "
            "Windows: the system settings, date and time), then run this again."
        ),
    )


def _expired(_error: object) -> EcslabError:
    return EcslabError(_("The AWS login has expired."), login().again())


def _stranger() -> EcslabError:
    return EcslabError(
        _("What answered is not AWS: it may be a proxy, or a network that wants you to log in."),
        _("Open any web page in a browser and log in there, then run this again."),
    )


def _unretrieved(error: object) -> EcslabError:
    return EcslabError(
        _("The AWS credentials could not be fetched: {why}", why=scrubbed(str(error))),
        login().again(),
    )


def _no_credentials(_error: object) -> EcslabError:
    return EcslabError(
        _("No AWS credentials were found."),
        _("Set them up with `aws configure` (or name a profile), or use the sandbox."),
    )


def _no_profile(error: object) -> EcslabError:
    return EcslabError(
        _("There is no AWS profile of that name: {error}.", error=error),
        _("`aws configure list-profiles` lists those there are."),
    )


def no_region(_error: object = None) -> EcslabError:
    """Nothing says which region to use."""
    return EcslabError(
        _("No AWS region is chosen."),
        _("Give one: ecslab.connect('aws', region='ap-northeast-1'), or set AWS_REGION."),
    )


def _parameter(error: object) -> EcslabError:
    return EcslabError(
        _("A parameter is not as the API takes it: {why}", why=scrubbed(str(error))),
        _("Compare it with the API reference of this operation."),
    )


def _proxy(error: Any) -> EcslabError:
    proxy = scrubbed(str(error.kwargs.get("proxy_url", "")))
    return EcslabError(
        _("The proxy {proxy} does not let this through.", proxy=proxy),
        _("Check HTTPS_PROXY and NO_PROXY, or ask who runs the network."),
    )


def _certificate(error: Any) -> EcslabError:
    return EcslabError(
        _("The certificate of {endpoint} is not one this machine trusts.",
          endpoint=_endpoint(error)),
        _("Behind a company's proxy: set AWS_CA_BUNDLE to the file of its certificates."),
    )  # fmt: skip


def _lost(error: Any) -> EcslabError:
    return EcslabError(
        _("The connection to {endpoint} was lost.", endpoint=_endpoint(error)),
        _("Look at the network connection, then run this again: it goes on from where it was."),
    )


def _unreachable(error: Any) -> EcslabError:
    endpoint = _endpoint(error)
    strange = _unknown_region(endpoint)
    if strange:
        return EcslabError(
            _("There is no region {region} that this kit knows of.", region=strange),
            _("Look at how it is spelled: ap-northeast-1 is Tokyo, us-east-1 is N. Virginia."),
        )
    return EcslabError(
        _("{endpoint} does not answer.", endpoint=endpoint),
        _("Sandbox: `ecslab sandbox start`. AWS: look at the network connection and the region."),
    )


def _endpoint(error: Any) -> str:
    return scrubbed(str(getattr(error, "kwargs", {}).get("endpoint_url", "AWS")))


_HOST = re.compile(r"://[\w.-]*?\.([a-z]{2}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com|api\.aws)")


def _unknown_region(endpoint: str) -> str:
    """The region in an endpoint of AWS if there is no such region; else ""."""
    import boto3

    found = _HOST.search(endpoint)
    if not found or found[1] in boto3.Session(region_name=found[1]).get_available_regions("ecs"):
        return ""
    return found[1]


_SENTENCES: tuple[tuple[Callable[[Any], Any], Callable[[Any], EcslabError]], ...] = (
    (lambda boto: (boto.TokenRetrievalError, boto.SSOError, boto.RefreshWithMFAUnsupportedError,
                   # `aws login` is younger than the oldest botocore that will do
                   getattr(boto, "LoginError", boto.SSOError)), _expired),
    (lambda boto: boto.CredentialRetrievalError, _unretrieved),
    (lambda boto: (boto.NoCredentialsError, boto.PartialCredentialsError), _no_credentials),
    (lambda boto: boto.ProfileNotFound, _no_profile),
    (lambda boto: boto.NoRegionError, no_region),
    (lambda boto: boto.ParamValidationError, _parameter),
    (lambda boto: boto.ProxyConnectionError, _proxy),
    (lambda boto: boto.SSLError, _certificate),
    (lambda boto: (boto.ConnectionClosedError, boto.ReadTimeoutError), _lost),
    (lambda boto: (boto.HTTPClientError, boto.ConnectionError), _unreachable),
)  # fmt: skip
"""Botocore's own errors, the narrower ones first; looked up late, since importing it takes time."""
