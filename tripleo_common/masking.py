"""Keep secrets out of what many people read: messages, logs and errors.

A secret is known by the name of what holds it (``AdminPassword``), and then by
its value: wherever that value turns up again, in a text above all, it is
masked too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

MASK = "***"

# Names of the form AdminPassword, pm_password, ssh_private_key, authToken,
# CephClientKey, SSLKey, KeystoneCredential0 or HorizonSecret, but not
# "keypair" or "key_name".
_SECRET_NAME = re.compile(
    r"(pass(word|wd|phrase)?|secret|token|credentials?|cookie|community|hash_?suffix"
    r"|(private|secret|access|activation|api|admin|auth|client|mon|mds|rgw|ssh|ssl"
    r"|fernet|rndc|heartbeat|encryption|crypto)_?(key|kek)s?)_?\d*$",
    re.IGNORECASE,
)

#: Characters from which on a value is looked for inside of texts. Shorter ones
#: turn up by chance, and to mask them would tell where they are.
_SHORTEST = 5
#: Up to here a value is looked for as a word of its own: a password "admin"
#: must not spoil "administrator".
_LONGEST_WORD = 12


def is_secret(name: str) -> bool:
    """Whether a value of that name is kept from view."""
    return _SECRET_NAME.search(name) is not None


def values(*sources: Any) -> set[str]:
    """The texts that stand under a secret's name, at any depth."""
    found: set[str] = set()
    for source in sources:
        found.update(_named(source, False))
    return found


def masked(value: Any, known: Collection[str] = ()) -> Any:
    """A copy of *value* in which every secret, at any depth, is masked.

    :param known: secrets by value, masked wherever they stand in a text.
    """
    copy = _mapped(value, lambda text: text)
    if not known:
        return copy
    present = _present(known, copy)
    if not present:
        return copy
    pattern = re.compile("|".join(map(_pattern, present)))
    return _mapped(copy, lambda text: pattern.sub(MASK, text))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """A copy without what is secret by name, and with its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {
            key: MASK
            if isinstance(key, str) and is_secret(key) and item
            else _mapped(item, change)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    return value


def _named(value: Any, secret: bool) -> Iterator[str]:
    if isinstance(value, str):
        if secret and value != MASK:
            yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            inside = isinstance(key, str) and is_secret(key)
            yield from _named(item, secret or inside)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _named(item, secret)


def _present(known: Collection[str], value: Any) -> list[str]:
    """Those of *known* that stand in a text of *value*, the longest first.

    Most messages hold none, so that the thousand passwords of a thousand nodes
    cost one search each and no more.
    """
    text = "\0".join(_texts(value))
    forms = {
        form
        for secret in known
        if len(secret) >= _SHORTEST
        for form in _forms(secret)
    }
    return sorted((f for f in forms if f in text), key=len, reverse=True)


def _forms(secret: str) -> set[str]:
    """A secret as it is, and as texts quote it: a key has many lines."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}


def _pattern(secret: str) -> str:
    literal = re.escape(secret)
    if len(secret) > _LONGEST_WORD:
        return literal
    return rf"(?<!\w){literal}(?!\w)"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
