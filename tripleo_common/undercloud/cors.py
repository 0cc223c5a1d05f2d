"""Which pages browsers let use the services, and what these see of them.

A page belongs to an origin. oslo's middleware, which all services but Swift
have in their pipelines, compares it with what it is told. In Keystone, Heat
and Glance it looks for a file under ``/etc`` instead of the service's own; in
all of them it takes the environment's word.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from tripleo_common.undercloud import errors

#: Ports that a browser leaves out.
_USUAL = {"http": 80, "https": 443}

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

#: What the services' clients send, beside what browsers always allow.
_SENT = (
    "Accept-Encoding",
    "Client-ID",
    "Content-MD5",
    "If-Match",
    "If-None-Match",
    "OpenStack-API-Version",
    "Range",
    "X-Auth-Key",
    "X-Auth-Token",
    "X-Auth-User",
    "X-Image-Meta-Checksum",
    "X-OpenStack-Ironic-API-Version",
    "X-OpenStack-Ironic-Inspector-API-Version",
    "X-OpenStack-Request-ID",
    "X-Project-ID",
    "X-Region-Name",
    "X-Roles",
    "X-Service-Token",
    "X-Storage-Token",
    "X-Subject-Token",
    "X-Target-Auth-Uri",
    "X-Target-Project-Id",
    "X-Tenant-Id",
    "X-User-Id",
)

#: What they read of an answer.
_READ = (
    "Content-Length",
    "Content-Range",
    "ETag",
    "Link",
    "Location",
    "OpenStack-Request-ID",
    "Retry-After",
    "X-Image-Meta-Checksum",
    "X-OpenStack-Ironic-API-Maximum-Version",
    "X-OpenStack-Ironic-API-Minimum-Version",
    "X-OpenStack-Ironic-API-Version",
    "X-OpenStack-Ironic-Inspector-API-Maximum-Version",
    "X-OpenStack-Ironic-Inspector-API-Minimum-Version",
    "X-OpenStack-Ironic-Inspector-API-Version",
    "X-OpenStack-Request-ID",
    "X-Subject-Token",
)


def parse(texts: Iterable[str]) -> tuple[str, ...]:
    """Return origins as browsers write them, each once.

    Services compare them as texts. An asterisk would let every page in that a
    user happens to open, so there is none.
    """
    return tuple(dict.fromkeys(_parse(text) for text in texts))


def _parse(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise errors.OriginInvalid(text) from None
    host = parts.hostname or ""
    rest = (parts.path.strip("/"), parts.query, parts.fragment)
    if parts.scheme not in _USUAL or not _is_host(host) or any(rest):
        raise errors.OriginInvalid(text)
    if "@" in parts.netloc:
        raise errors.OriginInvalid(text)
    if ":" in host:
        host = f"[{host}]"
    end = "" if port in (None, _USUAL[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{end}"


def _is_host(text: str) -> bool:
    # Browsers write other scripts' names in ASCII, too.
    allowed = set("-.:_")
    return bool(text) and all(
        (c.isascii() and c.isalnum()) or c in allowed for c in text
    )


def environ(origins: Iterable[str]) -> dict[str, str]:
    """Return the variables that tell oslo's middleware of origins."""
    allowed = ",".join(origins)
    if not allowed:
        return {}
    return {
        "OS_CORS__ALLOWED_ORIGIN": allowed,
        # Tokens go in headers, never in cookies.
        "OS_CORS__ALLOW_CREDENTIALS": "false",
        "OS_CORS__ALLOW_HEADERS": ",".join(_SENT),
        "OS_CORS__ALLOW_METHODS": ",".join(_METHODS),
        "OS_CORS__EXPOSE_HEADERS": ",".join(_READ),
    }
