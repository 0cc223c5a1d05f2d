"""How processing a plan grows with its files and its roles."""

from __future__ import annotations

import measuring

from tripleo_common.clients import Cloud
from tripleo_common.plans.store import Plan

_VERSION = "heat_template_version: rocky\n"
_ROLES = 2


def plan_files(files: int, roles: int) -> dict[str, bytes]:
    """A plan whose root refers to *files* nested templates.

    A tenth of them is rendered, each of these once a role.
    """
    per_role = files // 10 // roles
    texts = {
        "roles_data.yaml": "".join(
            f"- name: Role{number}\n" for number in range(roles)
        ),
        "overcloud-resource-registry-puppet.yaml": "{}\n",
    }
    resources = []
    for number in range(files - per_role * roles):
        texts[f"nested/{number}.yaml"] = _nested(f"n{number}")
        resources.append(f"nested/{number}.yaml")
    for number in range(per_role):
        texts[f"role/{number}.role.j2.yaml"] = _nested("{{role.name}}")
        resources += [
            f"role/role{role}-{number}.yaml" for role in range(roles)
        ]
    texts["overcloud.yaml"] = f"{_VERSION}resources:\n" + "".join(
        f"  r{number}: {{type: {path}}}\n"
        for number, path in enumerate(resources)
    )
    return {path: text.encode() for path, text in texts.items()}


def _nested(name: str) -> str:
    parameters = "".join(
        f"  P{number}: {{type: string, default: {name}}}\n"
        for number in range(40)
    )
    return f"{_VERSION}description: {name}\nparameters:\n{parameters}"


def main() -> None:
    """Measure, and print the figures."""
    parser = measuring.arguments(__doc__)
    parser.add_argument("--files", type=int, nargs="*", default=[100, 800])
    parser.add_argument("--roles", type=int, nargs="*", default=[5, 20])
    options = parser.parse_args()
    client, cloud = measuring.connect(options.state_dir)
    watch = measuring.Stopwatch(client)
    sizes = [(files, _ROLES) for files in options.files]
    sizes += [(options.files[0], roles) for roles in options.roles]
    for files, roles in sizes:
        with (
            measuring.empty_cache(),
            measuring.new_plan(cloud, plan_files(files, roles)) as plan,
        ):
            print(f"{files} files, {roles} roles")
            measure(watch, cloud, plan, options.runs)


def measure(
    watch: measuring.Stopwatch, cloud: Cloud, plan: Plan, runs: int
) -> None:
    """Measure one plan."""

    def without() -> None:
        with measuring.no_cache():
            Plan(cloud, plan.name).process()

    plan.process()
    watch.compare(
        {
            "no cache": without,
            "nothing changed": lambda: Plan(cloud, plan.name).process(),
            "verified": lambda: Plan(cloud, plan.name).process(verify=True),
        },
        runs,
    )


if __name__ == "__main__":
    main()
