from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.validations import ssh_keys


def test_a_key_is_made_once(cloud):
    assert not ssh_keys.exist(cloud)
    key = ssh_keys.get(cloud)
    assert key["public_key"].startswith("ssh-rsa ")
    assert "PRIVATE KEY" in key["private_key"]
    assert ssh_keys.exist(cloud)
    assert ssh_keys.get(cloud) == key


def test_of_two_at_once_both_use_the_first(cloud, monkeypatch):
    environments = cloud.workflow.environments
    create = environments.create

    def create_too_late(**named):
        create("ssh_keys", "", {"public_key": "a", "private_key": "b"})
        create(**named)

    monkeypatch.setattr(environments, "create", create_too_late)
    assert ssh_keys.get(cloud) == {"public_key": "a", "private_key": "b"}


def test_something_else_of_that_name_is_told(cloud):
    cloud.workflow.environments.variables["ssh_keys"] = {"public_key": "a"}
    with pytest.raises(errors.Conflict, match="holds no private_key"):
        ssh_keys.get(cloud)


def test_without_mistral_no_key_is_made(cloud, monkeypatch):
    def refuse(name):
        raise errors.ServiceUnreachable("Mistral", "get", "refused", "Wait.")

    monkeypatch.setattr(cloud.workflow.environments, "get", refuse)
    with pytest.raises(errors.ServiceUnreachable):
        ssh_keys.get(cloud)
    assert not cloud.workflow.environments.variables
