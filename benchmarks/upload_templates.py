"""Upload a plan's files: one archive against one PUT each.

Swift's bulk middleware unpacks an archive into a PUT each, one after the
other, behind the proxy.
"""

from __future__ import annotations

import uuid

import measuring

from tripleo_common.plans import container, default_templates
from tripleo_common.plans.store import Plan


def main() -> None:
    """Measure, and print the figures."""
    parser = measuring.arguments(__doc__)
    parser.add_argument("templates", help="directory of the templates")
    options = parser.parse_args()
    client, cloud = measuring.connect(options.state_dir)
    watch = measuring.Stopwatch(client)
    files = default_templates.read(options.templates)
    print(f"{len(files)} files, {sum(map(len, files.values()))} bytes")
    plans = [Plan(cloud, f"upload_{uuid.uuid4().hex[:8]}") for _ in range(3)]
    sequential, concurrent, ours = plans
    for plan in plans:
        plan.create_container()

    def one_by_one() -> None:
        for path, content in files.items():
            client.swift.put_object(sequential.name, path, content)

    def at_once() -> None:
        archive_from = container._ARCHIVE_FROM
        container._ARCHIVE_FROM = len(files) + 1
        concurrent.upload(files)
        container._ARCHIVE_FROM = archive_from

    def empty() -> None:
        for plan in (concurrent, ours):
            plan.container.remove(plan.container.files())

    try:
        watch.compare(
            {
                "one PUT after the other": one_by_one,
                "one PUT each, eight at once": at_once,
                "ours, into an empty container": lambda: ours.upload(files),
                "ours, nothing changed": lambda: ours.upload(files),
                "(emptying two containers)": empty,
            },
            options.runs,
        )
    finally:
        for plan in plans:
            plan.container.delete()


if __name__ == "__main__":
    main()
