"""The command ``tripleo-undercloud``, where what it needs is installed."""

from __future__ import annotations

import sys

#: What the extra ``undercloud`` brings.
EXTRA = ("psutil", "rich", "websocket")


def main() -> int:
    """Run the command, and return its exit status."""
    try:
        from tripleo_common.undercloud import cli
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package not in EXTRA:
            raise
        print(
            f"tripleo-undercloud: the package {package} is not installed. "
            "Install what the embedded undercloud needs: "
            "pip install 'tripleo-common[undercloud]', from a checkout: "
            "pip install '.[undercloud]'.",
            file=sys.stderr,
        )
        return 1
    return cli.main()
