from __future__ import annotations

import base64
import json
import re
import struct
import uuid

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization

from tripleo_common import errors
from tripleo_common.plans import passwords
from tripleo_common.plans.store import Plan


def test_there_is_one_of_each_name_and_none_is_used_twice():
    made = passwords.complete({})
    assert set(made) == set(passwords.kinds())
    assert len({str(value) for value in made.values()}) == len(made)


def test_what_exists_stays():
    first = passwords.complete({"AdminPassword": "mine", "Other": "kept"})
    assert first["AdminPassword"] == "mine"
    assert first["Other"] == "kept"
    assert passwords.complete(first) == first


def test_a_plan_of_an_old_release_keeps_its_one_messaging_password():
    made = passwords.complete({"RabbitPassword": "rabbit"})
    assert made["RpcPassword"] == made["NotifyPassword"] == "rabbit"


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("AdminPassword", r"[A-Za-z0-9]{25}"),
        ("MysqlRootPassword", r"[A-Za-z0-9]{10}"),
        ("PcsdPassword", r"[A-Za-z0-9]{16}"),
        ("RabbitCookie", r"[A-Za-z0-9]{20}"),
        ("HeatAuthEncryptionKey", r"[A-Za-z0-9]{32}"),
        ("OctaviaServerCertsKeyPassphrase", r"[A-Za-z0-9]{32}"),
        ("PacemakerRemoteAuthkey", r"[A-Za-z0-9]{4096}"),
        # What tripleo-heat-templates allows.
        ("CephClientKey", r"[a-zA-Z0-9+/]{38}=="),
    ],
)
def test_passwords_have_the_form_that_their_service_takes(name, pattern):
    assert re.fullmatch(pattern, passwords.complete({})[name])


def test_fernet_keys_can_be_used():
    made = passwords.complete({})
    Fernet(made["KeystoneCredential0"])
    repository = made["KeystoneFernetKeys"]
    assert sorted(repository) == [
        "/etc/keystone/fernet-keys/0",
        "/etc/keystone/fernet-keys/1",
    ]
    for key in repository.values():
        Fernet(key["content"])


def test_a_cephx_key_has_the_header_of_ceph():
    raw = base64.b64decode(passwords.cephx_key())
    kind, _, nanoseconds, length = struct.unpack("<hiih", raw[:12])
    assert (kind, nanoseconds, length) == (1, 0, 16)
    assert len(raw) == 12 + 16


def test_an_rndc_key_is_of_sha256():
    assert len(base64.b64decode(passwords.rndc_key())) == 32


def test_the_ssh_keys_belong_together():
    pair = passwords.ssh_key_pair()
    private = serialization.load_pem_private_key(
        pair["private_key"].encode(), password=None
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    assert pair["public_key"].startswith(public.decode())


def test_a_cluster_id_is_a_uuid():
    uuid.UUID(passwords.complete({})["CephClusterFSID"])


def test_what_operators_set_is_in_force():
    assert passwords.in_force(
        {"AdminPassword": "generated", "Own": "kept"},
        {"AdminPassword": "set", "HeatPassword": "set", "ComputeCount": 1},
    ) == {"AdminPassword": "set", "Own": "kept", "HeatPassword": "set"}


def test_generated_passwords_are_masked_wherever_they_stand():
    generated = {"A": "s3cretA", "B": {"key": "two\nlines"}, "C": "x"}
    value = {
        "plain": "s3cretA",
        "within": ["mysql://root:s3cretA@host", 7, None],
        "json": json.dumps(generated["B"]),
        "other": "box",
    }
    assert passwords.masked(value, generated) == {
        "plain": "***",
        "within": ["mysql://root:***@host", 7, None],
        "json": '{"key": "***"}',
        "other": "box",
    }


def test_without_passwords_nothing_is_masked():
    assert passwords.masked({"a": "b"}, {}) == {"a": "b"}


class TestRotating:
    def test_named_passwords_are_made_anew(self, cloud):
        given = {"AdminPassword": "old", "NovaPassword": "stays"}
        cloud.add_plan("my_cloud", {}, passwords=given)
        told = Plan(cloud, "my_cloud").generate_passwords(["AdminPassword"])
        assert told["AdminPassword"] != "old"
        assert told["NovaPassword"] == "stays"

    def test_all_but_encryption_keys_are_made_anew(self, cloud):
        cloud.add_plan("my_cloud", {})
        plan = Plan(cloud, "my_cloud")
        before = plan.generate_passwords()
        after = plan.generate_passwords([])
        same = {name for name in before if before[name] == after[name]}
        assert same == {
            "BarbicanSimpleCryptoKek",
            "KeystoneCredential0",
            "KeystoneCredential1",
            "KeystoneFernetKey0",
            "KeystoneFernetKey1",
            "KeystoneFernetKeys",
        } & set(before)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Unheard", "no password Unheard"),
            ("KeystoneCredential0", "must not be replaced"),
        ],
    )
    def test_nothing_is_rotated_where_one_cannot_be(self, cloud, name, text):
        given = {"AdminPassword": "old"}
        cloud.add_plan("my_cloud", {}, passwords=given)
        with pytest.raises(errors.InvalidInput, match=text):
            Plan(cloud, "my_cloud").generate_passwords(["AdminPassword", name])
        stored = cloud.workflow.environments.variables["my_cloud"]
        assert stored["passwords"] == given
