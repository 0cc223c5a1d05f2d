"""Can Swift do what plans and messages ask of it?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from tripleo_common.undercloud.doctor.finding import Finding, ok, warning
from tripleo_common.undercloud.doctor.subject import Subject

_KEY_HEADERS = (
    "X-Account-Meta-Temp-URL-Key",
    "X-Account-Meta-Temp-URL-Key-2",
)

#: What /info calls a middleware, its filter in proxy-server.conf, and what
#: goes without it.
_FEATURES = (
    (
        "bulk_upload",
        "bulk",
        "each file of a plan is sent in a request of its own, which takes "
        "longer",
    ),
    ("bulk_delete", "bulk", "files are deleted one by one"),
    (
        "tempurl",
        "tempurl",
        "nobody can be given links that need no token; Heat's signals from "
        "servers may need them",
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at what Swift says it can, and at the account's key."""
    url = str(subject.url("object-store"))
    answer = subject.ask_url("GET", urljoin(url, "/info")).json()
    for name, middleware, without in _FEATURES:
        if name in answer:
            yield ok(f"swift.{name}", f"Swift offers {name}.")
        else:
            yield warning(
                f"swift.{name}",
                f"Swift's /info does not name {name}: {without}.",
                f"Put the filter {middleware} into the pipeline of "
                "proxy-server.conf, before the authentication, and start "
                "swift-proxy-server again.",
            )
    if "tempurl" in answer:
        yield _of_key(subject)


def _of_key(subject: Subject) -> Finding:
    response = subject.ask("HEAD", "object-store", "")
    if any(response.headers.get(name) for name in _KEY_HEADERS):
        return ok("swift.tempurl_key", "The account has a key for tempurl.")
    return warning(
        "swift.tempurl_key",
        "The account has no key for tempurl: no links that need no token "
        "can be made, until one is set or Heat sets one.",
        "swift post -m Temp-URL-Key:$(openssl rand -hex 20)",
    )
