"""Ask a BMC over Redfish: whether it is one, and which systems it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests

from tripleo_common import conf

_ROOT = "/redfish/v1/"
#: Seconds to connect, and between two bytes of an answer.
_PATIENCE = (5, 20)
#: Bytes of an answer that are read.
_LONGEST = 1 << 20
#: Systems of one BMC.
_MOST = 1024


class Refused(Exception):
    """A BMC answers, but cannot be asked; the text says why."""


class BMC:
    """A BMC, or what may be one.

    :param url: scheme, address and port.
    :param verify: whether its certificate has to be trusted.
    """

    def __init__(self, url: str, verify: bool) -> None:
        self._url = url
        self._verify: bool | str = verify and (conf.options().cafile or True)

    def answers(self) -> bool:
        """Whether it speaks Redfish; nobody logs in for that.

        :raises Refused: its certificate is not trusted.
        """
        try:
            _, root = self._get(_ROOT, None)
        except requests.exceptions.SSLError as error:
            if "certificate" not in str(error).lower():
                return False
            raise Refused(
                "Its certificate is not trusted. Have [tripleo_common] "
                "cafile of Mistral's configuration name its CA, or pass "
                "redfish_verify_ca: false."
            ) from None
        except (requests.RequestException, ValueError):
            return False
        return "RedfishVersion" in root and "Systems" in root

    def systems(self, username: str, password: str) -> list[str] | None:
        """The paths of its systems; None: it takes no such password.

        :raises Refused: it does not tell them.
        """
        paths: list[str] = []
        path = f"{_ROOT}Systems"
        while path and len(paths) < _MOST:
            try:
                status, told = self._get(path, (username, password))
            except (requests.RequestException, ValueError):
                raise Refused("It does not tell its systems.") from None
            if status in (401, 403):
                return None
            members = told.get("Members")
            if status != 200 or not isinstance(members, list):
                raise Refused(f"It does not tell its systems (HTTP {status}).")
            paths += [
                each["@odata.id"]
                for each in members
                if isinstance(each, Mapping)
                and str(each.get("@odata.id")).startswith(_ROOT)
            ]
            following = str(told.get("Members@odata.nextLink") or "")
            path = following if following.startswith(_ROOT) else ""
        return paths

    def _get(
        self, path: str, login: tuple[str, str] | None
    ) -> tuple[int, Mapping[str, Any]]:
        """Status and body; a password goes nowhere else."""
        with requests.Session() as session:
            # Or ~/.netrc and proxies of the executor's user would be used.
            session.trust_env = False
            with session.get(
                self._url + path,
                auth=login,
                verify=self._verify,
                timeout=_PATIENCE,
                allow_redirects=False,
                stream=True,
                headers={"Accept": "application/json"},
            ) as answer:
                body = answer.raw.read(_LONGEST, decode_content=True)
        if answer.status_code != 200:
            return answer.status_code, {}
        told = json.loads(body)
        return 200, told if isinstance(told, Mapping) else {}
