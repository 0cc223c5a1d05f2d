"""Which plans there are, whole ones and halves.

An account can hold ten thousands of containers that are none of ours, and
its listing does not tell what each is marked for. So Mistral is asked first:
every whole plan has an environment, and every plan that was ever changed has
a lease, which is an environment, too. Only containers of those names are
looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent import futures

from tripleo_common import clients, conf
from tripleo_common.plans import names, state
from tripleo_common.plans.container import Container

#: As many containers are asked for one by one; of more names it is first
#: looked up which exist, at a request for each ten thousand of the account.
_FEW = 64


def whole(cloud: clients.Cloud) -> list[str]:
    """The names of all plans that have both halves, sorted."""
    usages = _usages(cloud, state.names(cloud))
    return sorted(
        name for name, usage in usages.items() if Container.marks_plan(usage)
    )


def halves(cloud: clients.Cloud) -> list[dict[str, str]]:
    """The plans of which one half is missing, sorted by name.

    A container that was marked by another client, and that nothing of this
    library ever worked on, is not found.

    :returns: for each its ``name`` and what is ``missing``: ``container`` or
        ``environment``.
    """
    described = state.descriptions(cloud)
    leased = _leased(cloud)
    ours = {
        name
        for name, text in described.items()
        if name in leased or text == state.DESCRIPTION
    }
    usages = _usages(cloud, ours | leased)
    found = {
        name: "environment"
        for name, usage in usages.items()
        if Container.marks_plan(usage) and name not in described
    }
    for name in ours:
        if usages.get(name) is None:
            found[name] = "container"
    return [{"name": n, "missing": found[n]} for n in sorted(found)]


def _leased(cloud: clients.Cloud) -> set[str]:
    """The names of all plans that were ever changed, and not deleted."""
    listing = cloud.workflow.environments.list(
        fields=["name", "variables"], name=f"has:{names.LEASES}"
    )
    return {
        str(each.variables.get("plan"))
        for each in listing
        if names.is_lease(each.name)
    }


def _usages(
    cloud: clients.Cloud, candidates: Iterable[str]
) -> dict[str, str | None]:
    """What the containers of these names are marked for."""
    # Environments may be called what no container can be.
    wanted = {name for name in candidates if names.is_valid(name)}
    if len(wanted) > _FEW:
        _, listing = cloud.object_store.get_account(full_listing=True)
        wanted &= {entry["name"] for entry in listing}
    with futures.ThreadPoolExecutor(conf.options().swift_connections) as pool:
        usages = pool.map(lambda name: Container(cloud, name).usage(), wanted)
        return dict(zip(wanted, usages, strict=True))
