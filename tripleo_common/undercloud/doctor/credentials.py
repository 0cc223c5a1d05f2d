"""Which undercloud is meant: the embedded one, or that of credentials."""

from __future__ import annotations

from collections.abc import Mapping

from keystoneauth1 import exceptions as ka_exc

from tripleo_common.undercloud.client import Client
from tripleo_common.undercloud.config import REGION
from tripleo_common.undercloud.doctor.subject import Subject
from tripleo_common.undercloud.errors import UndercloudError
from tripleo_common.undercloud.paths import Paths

#: Any of these says that the environment names a cloud.
_VARIABLES = ("OS_CLOUD", "OS_AUTH_URL")


def find(
    state_dir: str | None,
    cloud: str | None,
    environ: Mapping[str, str],
    slow: bool = False,
) -> tuple[str, Subject]:
    """Return what the undercloud is called, and how to ask it.

    :param state_dir: of an embedded undercloud, if the user named one.
    :param cloud: of a clouds.yaml, if the user named one.
    """
    named = cloud is not None
    if not named and state_dir is None:
        named = any(environ.get(name) for name in _VARIABLES)
    if named:
        return _of_credentials(cloud, slow)
    paths = Paths.find(state_dir)
    client = Client(paths)
    subject = Subject(client.session, REGION, slow=slow, state=paths.state)
    return f"the embedded undercloud in {paths.state}", subject


def _of_credentials(cloud: str | None, slow: bool) -> tuple[str, Subject]:
    # It takes long to import, and not every command needs it.
    from openstack import config, exceptions

    try:
        found = config.OpenStackConfig().get_one(cloud=cloud)
        session = found.get_session()
    except (exceptions.ConfigException, ka_exc.ClientException) as error:
        raise UndercloudError(
            f"The credentials do not do: {error} Set the variables OS_*, or "
            "name a cloud of a clouds.yaml with --os-cloud."
        ) from error
    url = found.get_auth_args().get("auth_url")
    region = found.get_region_name() or None
    interface = found.get_interface() or "public"
    if not isinstance(interface, str):
        # The first of those that it may be.
        interface = interface[0]
    return f"the cloud at {url}", Subject(session, region, interface, slow)
