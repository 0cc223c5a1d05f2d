"""Actions that hand out access to Swift."""

from __future__ import annotations

from urllib import parse

from tripleo_common.actions import base
from tripleo_common.clients import Cloud
from tripleo_common.plans import tempurl


class SwiftTempUrlAction(base.TripleOAction):
    """Make a link to an object that works without a token.

    :param container: name of the container; it is made if it is not there.
    :param obj: name of the object, which need not exist yet.
    :param method: what the link allows: GET, HEAD, PUT, POST or DELETE.
    :param valid: seconds that the link works.
    :returns: the link, a text. Whoever has it needs no password.
    :repeated: another link is made; both work.
    :raises InvalidInput: a name, the method or the time cannot be.
    """

    def __init__(
        self,
        container: str,
        obj: str,
        method: str = "GET",
        valid: str | int = "86400",
    ) -> None:
        self.container = container
        self.obj = obj
        self.method = method
        self.valid = valid

    def execute(self, cloud: Cloud) -> str:
        return tempurl.create(
            cloud, self.container, self.obj, self.method, self.valid
        )


class SwiftInformationAction(base.TripleOAction):
    """Tell how to reach a container, with the caller's own token.

    The result is as secret as that token: in a workflow, use keep-result:
    false, and do not save an action's result.

    :param container: name of the container.
    :returns: a mapping: container_url, and auth_key (the token).
    :repeated: harmless; it only reads.
    :raises InvalidInput: no container may be called that.
    :raises ResourceNotFound: there is no such container.
    """

    def __init__(self, container: str) -> None:
        self.container = container

    def execute(self, cloud: Cloud) -> dict[str, str]:
        tempurl.check_container(self.container)
        swift = cloud.object_store
        swift.head_container(self.container)
        return {
            "container_url": f"{swift.url}/{parse.quote(self.container)}",
            "auth_key": str(swift.token),
        }
