from __future__ import annotations

import gzip
import io
import tarfile

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.constants import RENDERED_TYPE
from tripleo_common.plans import archive, transfer, unpacking
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES

MIRROR = "plan-environment.yaml"
STATE = {
    "environments": [
        {"path": "overcloud-resource-registry-puppet.yaml"},
        {"data": {"parameter_defaults": {"NtpServer": "n", "SshKey": "k1"}}},
    ],
    "parameter_defaults": {"ComputeCount": 3, "AdminPassword": "s3cretOne"},
    "passwords": {"HeatPassword": "s3cretTwo"},
}


@pytest.fixture
def planned(cloud):
    cloud.add_plan("my_cloud", {**FILES, "user.yaml": "a: 1\n"}, **STATE)
    Plan(cloud, "my_cloud").process()
    return cloud


def exported(cloud, **inputs):
    transfer.export(cloud, Plan(cloud, "my_cloud"), **inputs)
    return cloud.object_store.containers["plan-exports"]["my_cloud.tar.gz"][0]


def import_files(cloud, name="copy", archive_path="my_cloud.tar.gz"):
    plan = Plan(cloud, name)
    plan.create_container(only_if_new=True)
    transfer.import_files(cloud, plan, archive_path)
    return plan


class TestExporting:
    def test_all_files_and_the_state_are_in_the_archive(self, planned):
        files = unpacking.unpack(exported(planned))
        stored = planned.object_store.containers["my_cloud"]
        assert files.keys() == stored.keys()
        for path, (content, kind) in files.items():
            if path != MIRROR:
                assert (content, kind) == stored[path]
        state = yaml.safe_load(files[MIRROR][0])
        assert state["parameter_defaults"]["ComputeCount"] == 3
        assert state["template"] == "overcloud.yaml"

    def test_tar_reads_it(self, planned):
        packed = io.BytesIO(exported(planned))
        with tarfile.open(fileobj=packed, mode="r:gz") as tar:
            assert "overcloud.j2.yaml" in tar.getnames()

    def test_secrets_are_left_out(self, planned):
        unpacked = gzip.decompress(exported(planned))
        assert b"s3cret" not in unpacked
        state = yaml.safe_load(unpacking.unpack(unpacked)[MIRROR][0])
        assert state["passwords"] == {}
        assert state["parameter_defaults"] == {"ComputeCount": 3}
        (_, told) = state["environments"]
        assert told == {"data": {"parameter_defaults": {"NtpServer": "n"}}}

    def test_the_plan_keeps_them(self, planned):
        exported(planned)
        kept = planned.workflow.environments.variables["my_cloud"]
        for key, value in STATE.items():
            assert kept[key] == value

    def test_secrets_are_in_it_on_request(self, planned):
        packed = exported(planned, include_passwords=True)
        state = yaml.safe_load(unpacking.unpack(packed)[MIRROR][0])
        for key, value in STATE.items():
            assert state[key] == value

    def test_swift_deletes_it_in_time(self, planned):
        exported(planned, delete_after=60)
        sent = planned.object_store.sent_headers
        assert sent["plan-exports", "my_cloud.tar.gz"] == {
            "X-Delete-After": "60"
        }

    @pytest.mark.parametrize(
        ("inputs", "text"),
        [
            ({"container": "my_cloud"}, "my_cloud is a plan"),
            ({"delete_after": 0}, "delete_after must be"),
        ],
    )
    def test_what_cannot_be_is_refused(self, planned, inputs, text):
        with pytest.raises(errors.InvalidInput, match=text):
            exported(planned, **inputs)
        assert "plan-exports" not in planned.object_store.containers

    def test_there_must_be_a_whole_plan(self, cloud):
        with pytest.raises(errors.PlanNotFound):
            exported(cloud)
        cloud.object_store.add("my_cloud", FILES)
        with pytest.raises(errors.PlanIncomplete):
            exported(cloud)


class TestImporting:
    def test_a_plan_becomes_the_same_under_another_name(self, planned):
        exported(planned, include_passwords=True)
        import_files(planned).create()
        kept = planned.workflow.environments.variables["copy"]
        for key, value in STATE.items():
            assert kept[key] == value
        Plan(planned, "copy").process()
        assert {
            path: stored
            for path, stored in planned.object_store.containers["copy"].items()
            if path != MIRROR
        }.keys() == planned.object_store.containers["my_cloud"].keys() - {
            MIRROR
        }

    def test_what_was_rendered_is_rendered_anew(self, planned):
        exported(planned)
        import_files(planned)
        kinds = {
            path: kind
            for path, (_, kind) in planned.object_store.containers[
                "copy"
            ].items()
        }
        assert "overcloud.j2.yaml" in kinds
        assert "overcloud.yaml" not in kinds
        assert RENDERED_TYPE not in kinds.values()

    def test_a_plan_that_stands_is_not_overwritten(self, planned):
        exported(planned)
        before = dict(planned.object_store.containers["my_cloud"])
        with pytest.raises(errors.PlanExists):
            transfer.import_files(planned, Plan(planned, "my_cloud"))
        assert planned.object_store.containers["my_cloud"] == before

    def test_an_archive_that_is_not_there_is_told(self, cloud):
        with pytest.raises(
            errors.NotFound, match=r"no archive plan-exports/x\.tar\.gz"
        ):
            import_files(cloud, archive_path="x.tar.gz")

    def test_too_large_an_archive_is_not_even_read(self, planned, monkeypatch):
        monkeypatch.setattr(unpacking, "MAX_PACKED", 10)
        exported(planned)
        planned.object_store.requests.clear()
        with pytest.raises(errors.InvalidArchive, match=r"it has \d+ bytes"):
            import_files(planned)
        assert "GET object" not in planned.object_store.requests

    @pytest.mark.parametrize(
        ("files", "text"),
        [
            ({"../a": b""}, "cannot be a path in a plan"),
            ({MIRROR: b"environments: 3\n"}, "environments must be a list"),
            ({MIRROR: b"{"}, "plan-environment.yaml, line 2"),
        ],
    )
    def test_a_bad_one_is_refused_as_a_whole(self, cloud, files, text):
        files = {"good.yaml": b"", **files}
        packed = archive.pack(files, dict.fromkeys(files, "text/plain"))
        cloud.object_store.add("plan-exports", {}, plan=False)
        cloud.object_store.put_object("plan-exports", "a", packed)
        with pytest.raises(errors.InvalidArchive, match=text):
            import_files(cloud, archive_path="a")
        assert not cloud.object_store.containers["copy"]
