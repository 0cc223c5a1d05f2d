"""Process a plan: ours against heatclient's own functions over Swift.

heatclient's ``template_utils`` is what one would write this with. It finds
the templates rendered already; ours renders them, too.
"""

from __future__ import annotations

from urllib.parse import quote

import measuring
import requests
from heatclient.common import template_utils

from tripleo_common.clients import Cloud
from tripleo_common.plans.store import Plan
from tripleo_common.undercloud.client import Client


def with_heatclient(client: Client, cloud: Cloud, name: str) -> int:
    """Collect a rendered plan; returns the number of files."""
    base = f"{cloud.clients.endpoint('object-store')}/{name}"
    http = requests.Session()
    http.headers["X-Auth-Token"] = client.session.get_token()

    def get(method: str, url: str) -> bytes:
        answer = http.request(method, url)
        answer.raise_for_status()
        return answer.content

    state = Plan(cloud, name).state()
    files, _ = template_utils.get_template_contents(
        template_object=f"{base}/{quote(state.template)}", object_request=get
    )
    from_environments, _ = (
        template_utils.process_multiple_environments_and_files(
            env_paths=[
                f"{base}/{quote(entry['path'])}"
                for entry in state.environments
                if "path" in entry
            ],
            env_path_is_object=lambda path: True,
            object_request=get,
        )
    )
    return len({**files, **from_environments})


def main() -> None:
    """Measure, and print the figures."""
    parser = measuring.arguments(__doc__)
    parser.add_argument("--plan", default="overcloud")
    options = parser.parse_args()
    client, cloud = measuring.connect(options.state_dir)
    watch = measuring.Stopwatch(client)

    def ours(verify: bool = False) -> int:
        plan = Plan(cloud, options.plan)
        return len(plan.process(verify=verify).files)

    def cold() -> None:
        with measuring.empty_cache():
            ours()

    def without() -> None:
        with measuring.no_cache():
            ours()

    with measuring.empty_cache():
        print(
            f"{options.plan}: {with_heatclient(client, cloud, options.plan)} "
            f"files by heatclient, {ours()} by us"
        )
        ways = {
            "heatclient, collecting only": lambda: with_heatclient(
                client, cloud, options.plan
            ),
            "ours, no cache": without,
            "ours, nothing changed": ours,
            "ours, verified for a deployment": lambda: ours(verify=True),
            "ours, empty cache": cold,
        }
        watch.compare(ways, options.runs)


if __name__ == "__main__":
    main()
