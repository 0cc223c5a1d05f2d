"""Fetch one revision of a repository with the command ``git``.

What comes from elsewhere runs nothing here: no hooks, no filters, no
submodules, no configuration but what stands below; and nothing is asked of a
terminal.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tripleo_common import errors

_INTERVAL = 0.2
_LOOKS = 25
_LONGEST_TEXT = 500
_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}")
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "credential.helper=",
    "protocol.allow=never",
)
_ADVICE = "Check the URL and the branch behind it, and try again."


@dataclass(frozen=True)
class Source:
    """A revision of a repository.

    :ivar url: the repository's; no secret is in it.
    :ivar reference: branch, tag or other reference.
    """

    url: str
    reference: str = "HEAD"


def parse_reference(url: str) -> tuple[str, str]:
    """A URL without the reference behind it, and that; empty: none."""
    url, _, reference = url.partition("#")
    if not reference and "://" in url:
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        path, _, reference = path.partition("@")
        url = f"{scheme}://{host}{slash}{path}"
    return url, reference


def parse(text: str, schemes: Iterable[str]) -> Source:
    """The revision that a URL names.

    :param schemes: those that are allowed.
    :raises InvalidInput: it is not of such a form; no secret of it is told.
    """
    url, reference = parse_reference(text)
    try:
        parts = urlsplit(url)
        secret = parts.password is not None
    except ValueError:
        raise errors.InvalidInput(
            "source_url is no URL. Pass for example "
            "https://git.example.com/templates#stable."
        ) from None
    if secret:
        raise errors.InvalidInput(
            "source_url must not hold a password: Mistral would keep and "
            "show it. Leave it out, and have the operator store it in the "
            "file .netrc of Mistral's user."
        )
    allowed = list(schemes)
    if parts.scheme not in allowed or not parts.path.strip("/"):
        raise errors.InvalidInput(
            f"source_url {url!r:.200} cannot be used: it must be the URL of a "
            "repository of Git, with a scheme that [tripleo_common] "
            "source_schemes in Mistral's configuration allows: "
            f"{', '.join(allowed) or 'none'}. (Write git@host:path as "
            "ssh://git@host/path.)"
        )
    if reference and not _REFERENCE.fullmatch(reference):
        raise errors.InvalidInput(
            f"{reference!r:.100}, behind source_url, cannot be a branch or a "
            "tag. Correct it and try again."
        )
    return Source(url, reference or "HEAD")


def fetch(source: Source, top: str, timeout: float, size: int) -> None:
    """Write the files of a revision to an empty directory.

    :param timeout: seconds that it may take.
    :param size: bytes that the repository may take on disk.
    :raises ServiceError: it cannot be fetched, or takes more than that.
    """
    deadline = time.monotonic() + timeout
    scheme = urlsplit(source.url).scheme
    for arguments in (
        ["init", "--quiet", "--template=", top],
        [
            *("-c", f"protocol.{scheme}.allow=always"),
            *("-C", top, "fetch", "--quiet", "--depth=1", "--no-tags"),
            *("--no-recurse-submodules", "--"),
            *(source.url, source.reference),
        ],
        ["-C", top, "checkout", "--quiet", "--detach", "FETCH_HEAD"],
    ):
        _run(source, arguments, deadline, top, size)


def _run(
    source: Source,
    arguments: list[str],
    deadline: float,
    top: str,
    size: int,
) -> None:
    settings = [part for each in _SETTINGS for part in ("-c", each)]
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                ["git", *settings, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=_environ(),
                start_new_session=True,
            )
        except OSError as error:
            raise errors.ServiceError(
                *("Git", f"the fetch of {source.url}", str(error)),
                "Install the command git where Mistral's executor runs.",
            ) from error
        with process:
            try:
                _wait(source, process, deadline, top, size)
            finally:
                _end(process)
        if process.returncode:
            output.seek(0)
            text = output.read(64 * 1024).decode(errors="replace")
            raise _failure(source, " ".join(text.split()))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command with all that it started, if it has not ended."""
    # Or what unpacks would still write where all is to be removed. Where
    # nobody reaps what has lost its parent, it is there for ever.
    with contextlib.suppress(ProcessLookupError):
        for _ in range(_LOOKS):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            time.sleep(_INTERVAL)


def _wait(
    source: Source,
    process: subprocess.Popen[bytes],
    deadline: float,
    top: str,
    size: int,
) -> None:
    """Wait until the command ends, within its limits."""
    ended = False
    while not ended:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_INTERVAL)
        ended = process.returncode is not None
        if not ended and time.monotonic() > deadline:
            raise _failure(source, _exceeded("takes longer", "source_timeout"))
        if _used(top) > size:
            raise _failure(source, _exceeded("is larger", "source_size"))


def _exceeded(what: str, option: str) -> str:
    return (
        f"it {what} than [tripleo_common] {option} in Mistral's "
        "configuration allows"
    )


def _used(directory: str) -> int:
    used = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                used += Path(folder, name).lstat().st_size
            except FileNotFoundError:
                continue
    return used


def _failure(source: Source, answer: str) -> errors.ServiceError:
    return errors.ServiceError(
        "Git",
        f"the fetch of {source.reference} from {source.url}",
        answer[:_LONGEST_TEXT] or "it told nothing",
        _ADVICE,
    )


def _environ() -> dict[str, str]:
    """Git's environment: nobody is asked, nobody's settings count."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_")
    }
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }
