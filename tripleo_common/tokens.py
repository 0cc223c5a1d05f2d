"""Whether a caller's token lasts as long as what the caller asks for."""

from __future__ import annotations

import datetime
from typing import Protocol

from tripleo_common import conf, errors


class Lifetime(Protocol):
    """The part of Mistral's request context that says how long it lasts."""

    expires_at: str | None


def check_lifetime(
    security: Lifetime, now: datetime.datetime | None = None
) -> None:
    """Refuse what would fail halfway, as the token ends before it is done.

    A cron trigger's token does not tell its end; it is made for the run.

    :param security: of the request; ``expires_at`` as Keystone tells it,
        such as ``2030-01-31T23:59:59.000000Z``.
    :param now: with a timezone; None: the present.
    :raises TokenEndsSoon: [tripleo_common] token_minutes are not left.
    """
    if not security.expires_at:
        return
    minutes = conf.options().token_minutes
    end = datetime.datetime.fromisoformat(security.expires_at)
    left = end - (now or datetime.datetime.now(datetime.UTC))
    if left < datetime.timedelta(minutes=minutes):
        raise errors.TokenEndsSoon(f"{end:%Y-%m-%d %H:%M:%S} UTC", minutes)
