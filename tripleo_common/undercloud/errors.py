"""What can go wrong with the embedded undercloud."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tripleo_common import errors

LINES_SHOWN = 25

_ROOM = (
    "Make room there, or choose other folders with --state-dir and the "
    "variable TRIPLEO_UNDERCLOUD_CACHE_DIR, and try again."
)


class UndercloudError(errors.TripleOError):
    """The root of the embedded undercloud's errors."""


class PortsTaken(UndercloudError):
    """Another process listens where a service wants to.

    :param taken: the services' port names, their ports, and who holds each.
    """

    def __init__(self, taken: list[tuple[str, int, str]]) -> None:
        each = "; ".join(
            f"{name} wants port {port} of 127.0.0.1, which {holder} holds"
            for name, port, holder in taken
        )
        super().__init__(
            f"Nothing was started: {each}. End that process, or choose "
            "other ports with: tripleo-undercloud up --base-port NUMBER. "
            "Those of net.ipv4.ip_local_port_range, as a rule 32768 and "
            "above, can be taken by any connection that goes out."
        )


class PortsInvalid(UndercloudError):
    """The ports do not fit into what TCP has."""

    def __init__(self, base: int, last: int) -> None:
        super().__init__(
            f"{base} cannot be the base port: the services take the ports "
            f"{base} to {last}, and ports are 1024 to 65535. Choose another "
            "--base-port."
        )


class PortsInUse(UndercloudError):
    """A running undercloud cannot move to other ports."""

    def __init__(self, now: int, wanted: int) -> None:
        super().__init__(
            f"The undercloud runs on ports from {now}, so it cannot move to "
            f"{wanted}. Take it down first with: tripleo-undercloud down."
        )


class CommandFailed(UndercloudError):
    """A command that prepares something failed.

    :param purpose: what it was for, such as ``install the packages``.
    """

    def __init__(self, purpose: str, code: int, log: Path) -> None:
        super().__init__(
            f"Could not {purpose}: the command ended with exit code {code}. "
            f"The end of {log}:\n{tail(log)}"
        )


class ServiceDied(UndercloudError):
    """A service ended while it was starting."""

    def __init__(self, service: str, code: int | None, log: Path) -> None:
        how = "" if code is None else f" with {describe_exit(code)}"
        super().__init__(
            f"The service {service} ended at its start{how}. The end of "
            f"{log}:\n{tail(log)}"
        )


class ServiceHangs(UndercloudError):
    """A service did not answer in time."""

    def __init__(
        self, service: str, seconds: float, last: str, log: Path
    ) -> None:
        super().__init__(
            f"The service {service} did not answer within {seconds:.0f} s "
            f"({last}). On a slow machine, allow more with: "
            "tripleo-undercloud up --timeout SECONDS. The end of "
            f"{log}:\n{tail(log)}"
        )


class ServiceUnknown(UndercloudError):
    """There is no such service."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            f"There is no service {name}. Choose one of {', '.join(known)}."
        )


class ServiceNotWanted(UndercloudError):
    """The service is none of those that this undercloud has."""

    def __init__(self, name: str, present: Iterable[str]) -> None:
        super().__init__(
            f"This undercloud has no {name}, but {', '.join(present)}. Add it "
            f"with: tripleo-undercloud up --services +{name}."
        )


class ServicesUnclear(UndercloudError):
    """A list of services does not say what is wanted."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} does not say which services are wanted. Name all of "
            "them (keystone,swift), or what differs from the default "
            "(+inspector,-glance), not both."
        )


class SystemsInvalid(UndercloudError):
    """The emulated BMC cannot have so many systems."""

    def __init__(self, number: int, most: int) -> None:
        super().__init__(
            f"The BMC cannot have {number} systems. Choose 1 to {most} with "
            "--bmc-systems."
        )


class NotPrepared(UndercloudError):
    """The state directory holds no undercloud."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"There is no undercloud in {state}. Start one with: "
            "tripleo-undercloud up."
        )


class FolderUnusable(UndercloudError):
    """The services could not find their files in a folder of this name."""

    def __init__(self, folder: Path, characters: list[str]) -> None:
        named = " ".join(repr(character) for character in characters)
        super().__init__(
            f"The folder {folder} cannot be used: its path holds {named}, "
            "which means something else to the services. Choose another with "
            "--state-dir or the variable TRIPLEO_UNDERCLOUD_CACHE_DIR."
        )


class DiskTooSmall(UndercloudError):
    """There is not enough room to begin with."""

    def __init__(self, folder: Path, free: int, needed: int) -> None:
        super().__init__(
            f"Nothing was started: on the disk of {folder}, "
            f"{free / 2**20:.0f} MiB are free, and {needed / 2**20:.0f} MiB "
            f"are needed. {_ROOM}"
        )


class DiskFull(UndercloudError):
    """Something failed, and a disk is full."""

    def __init__(self, folder: Path, cause: str) -> None:
        super().__init__(
            f"The disk of {folder} is full. {_ROOM} What failed: {cause}"
        )


class StateTooNew(UndercloudError):
    """The state directory was written by a later version."""

    def __init__(self, state: Path, found: int, known: int) -> None:
        super().__init__(
            f"The undercloud in {state} was made by a later version (its "
            f"state is of version {found}, this one knows {known}). Use that "
            "version, or have another undercloud with --state-dir DIR."
        )


class StateUnreadable(UndercloudError):
    """The file of settings does not hold settings."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(
            f"{path} cannot be read: {cause}. Mend it, or remove it, and name "
            "the settings again: see tripleo-undercloud up --help."
        )


class OriginInvalid(UndercloudError):
    """What was named is not the origin of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text} is not the origin of a page. An origin is what stands "
            "before the path in the browser's address line: "
            "http://HOST[:PORT] or https://HOST[:PORT]."
        )


class ResetUnasked(UndercloudError):
    """There is nobody to ask whether to remove everything."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"Nothing was changed: reset removes all that is in {state}, and "
            "asks first, but its input is not a terminal. To go on without "
            "being asked: tripleo-undercloud reset --yes."
        )


class SecretsLost(UndercloudError):
    """The passwords are gone, but the databases that know them are not."""

    def __init__(self, path: Path, data: Path) -> None:
        super().__init__(
            f"{path} is missing, but {data} holds databases that were made "
            "with its passwords. Restore the file, or begin anew after: "
            "tripleo-undercloud reset."
        )


class DigestMismatch(UndercloudError):
    """A downloaded file is not the one that was asked for."""

    def __init__(self, path: Path, wanted: str, found: str) -> None:
        super().__init__(
            f"{path.name} is not the file that this version was made with: "
            f"its SHA-256 is {found}, and not {wanted}. It was not "
            "unpacked. See which package index pip uses (pip config list), "
            "and try again."
        )


class RequestRefused(UndercloudError):
    """A service answered, but not as it should."""

    def __init__(self, asked: str, answer: str) -> None:
        super().__init__(f"{asked} was answered: {answer}")


class ActionFailed(UndercloudError):
    """A Mistral action or workflow ended in an error."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name} failed: {text}")


class WaitedTooLong(UndercloudError):
    """Something did not happen in the time it was given."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"Waited {seconds:.0f} s in vain for {what}.")


class PlanFailed(UndercloudError):
    """The services run, but the workbooks or the plan are not there."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"The services run, but the default plan is not there: {cause} "
            "Once that is mended, try again with: tripleo-undercloud up."
        )


class Stopped(UndercloudError):
    """The work was given up because something else failed."""

    def __init__(self) -> None:
        super().__init__("Stopped because something else failed.")


def describe_exit(code: int) -> str:
    """Say how a process ended, from what ``Popen.returncode`` tells."""
    if code < 0:
        return f"signal {-code}"
    return f"exit code {code}"


def tail(path: Path, lines: int = LINES_SHOWN) -> str:
    """Return the last lines of a log, indented."""
    try:
        text = path.read_text(errors="replace")
    except FileNotFoundError:
        return "    (there is none)"
    last = text.rstrip().splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last) or "    (it is empty)"
