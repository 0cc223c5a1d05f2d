"""The rings of a cloud's own Swift, kept while its nodes change.

Nodes fetch the rings from a container beside the plan's and put them there,
with links that need no token. The links stand in two parameters, for one
deployment only: they would be of no use a day later.
"""

from __future__ import annotations

import time

from tripleo_common import clients, errors
from tripleo_common.plans import tempurl
from tripleo_common.plans.heat_inputs import HeatInputs

_OBJECT = "swift-rings.tar.gz"
_PARAMETERS = {"SwiftRingGetTempurl": "GET", "SwiftRingPutTempurl": "PUT"}


def container(plan: str) -> str:
    """The container of a plan's rings; it is no plan itself."""
    return f"{plan}-swift-rings"


def add_links(
    cloud: clients.Cloud, plan: str, inputs: HeatInputs, is_new: bool
) -> None:
    """Set the links in what Heat is to get, where templates take them.

    :param inputs: changed in place. What operators set stays.
    :param is_new: whether there is no such cloud yet; the rings of one
        before it are put aside.
    """
    defaults = inputs.environment.setdefault("parameter_defaults", {})
    wanted = [name for name in _PARAMETERS if not defaults.get(name)]
    taken = [name for name in wanted if _takes(inputs, name)]
    if not taken:
        return
    name = container(plan)
    if is_new:
        _put_aside(cloud, name)
    for each in taken:
        method = _PARAMETERS[each]
        defaults[each] = tempurl.create(cloud, name, _OBJECT, method)


def _takes(inputs: HeatInputs, parameter: str) -> bool:
    if parameter in (inputs.template.get("parameters") or {}):
        return True
    return any(f'"{parameter}"' in text for text in inputs.files.values())


def _put_aside(cloud: clients.Cloud, name: str) -> None:
    swift = cloud.object_store
    try:
        _, content = swift.get_object(name, _OBJECT)
    except errors.ResourceNotFound:
        return
    swift.put_object(name, f"{_OBJECT}-{int(time.time())}", content)
    swift.delete_object(name, _OBJECT)
