"""Links to objects that work without a token, for a while.

Swift signs them with a key that stands in the container's metadata, where
only those who own the account can read it.
"""

from __future__ import annotations

import secrets
from urllib import parse

from swiftclient import utils as swift_signing

from tripleo_common import clients, errors

_KEY = "x-container-meta-temp-url-key"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")


def create(
    cloud: clients.Cloud,
    container: str,
    path: str,
    method: str = "GET",
    valid: str | int = "86400",
) -> str:
    """A link to an object, which need not exist yet.

    A container without a key is given one; one that is not there is made.

    :param method: what the link allows, one of :data:`METHODS`.
    :param valid: seconds that it works.
    :raises InvalidInput: a name, the method or the time cannot be.
    """
    check_container(container)
    _check(path, method)
    seconds = _seconds(valid)
    url = parse.urlsplit(str(cloud.object_store.url))
    whole = f"{parse.unquote(url.path)}/{container}/{path}"
    signed = swift_signing.generate_temp_url(
        whole, seconds, _key(cloud, container), method
    )
    # Names may hold a question mark, too.
    query = signed.removeprefix(f"{whole}?")
    return f"{url.scheme}://{url.netloc}{parse.quote(whole)}?{query}"


def check_container(name: str) -> None:
    """Make sure that a container may be called that.

    :raises InvalidInput: it may not.
    """
    if not name or "/" in name or len(name.encode()) > 256:
        raise errors.InvalidInput(
            f"{name!r:.100} cannot be a container's name: a name has 1 to "
            "256 bytes, and no slash. Correct it and try again."
        )


def _check(path: str, method: str) -> None:
    if not path:
        raise errors.InvalidInput(
            "The object's name (obj) is empty. Name one and try again."
        )
    if method not in METHODS:
        raise errors.InvalidInput(
            f"method must be one of {', '.join(METHODS)}, not "
            f"{method!r:.20}. Correct it and try again."
        )


def _seconds(valid: str | int) -> int:
    text = str(valid)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise errors.InvalidInput(
            f"valid must be a whole number of seconds above 0, not "
            f"{text!r:.40}. Correct it and try again."
        )
    return int(text)


def _key(cloud: clients.Cloud, container: str) -> str:
    """The container's key, which it gets if it has none."""
    swift = cloud.object_store
    try:
        known = swift.head_container(container).get(_KEY)
    except errors.ResourceNotFound:
        swift.put_container(container, headers={_KEY: secrets.token_hex(32)})
    else:
        if known:
            return str(known)
        swift.post_container(container, {_KEY: secrets.token_hex(32)})
    # Where two did so at once, both go on with the key that stayed.
    return str(swift.head_container(container)[_KEY])
