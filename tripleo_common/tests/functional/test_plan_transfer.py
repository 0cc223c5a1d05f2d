"""Plans out of a cloud and into one, through archives in Swift."""

from __future__ import annotations

import io
import tarfile

import pytest
import requests
import yaml

from tripleo_common.plans import unpacking
from tripleo_common.tests.functional import plans
from tripleo_common.undercloud import errors
from tripleo_common.undercloud.client import Client

EXPORT = "tripleo.plan_management.v1.export_deployment_plan"
IMPORT = "tripleo.plan_management.v1.import_deployment_plan"
EXPORTS = "plan-exports"


def exported(undercloud: Client, plan: str, **inputs: object) -> bytes:
    """A plan's archive, through the link that is told."""
    output = undercloud.run_workflow(EXPORT, plan=plan, **inputs)
    answer = requests.get(output["tempurl"], timeout=60)
    answer.raise_for_status()
    return answer.content


def state(undercloud: Client, plan: str) -> dict:
    return undercloud.mistral.environments.get(plan).variables


def test_a_plan_is_exported_and_imported(undercloud: Client) -> None:
    with plans.small(undercloud) as plan, plans.named(undercloud) as copy:
        undercloud.run_action(
            "tripleo.parameters.update",
            container=plan,
            parameters={"ComputeCount": 3},
        )
        passwords = state(undercloud, plan)["passwords"]
        public = exported(undercloud, plan)
        with tarfile.open(fileobj=io.BytesIO(public)) as tar:
            assert {*plans.SMALL, "overcloud.yaml"} < set(tar.getnames())
        told = unpacking.unpack(public)["plan-environment.yaml"][0]
        assert yaml.safe_load(told)["parameter_defaults"] == {
            "ComputeCount": 3
        }
        for value in passwords.values():
            assert str(value).encode() not in told
        _, kept = undercloud.swift.get_object(EXPORTS, f"{plan}.tar.gz")
        assert kept == public

        exported(undercloud, plan, include_passwords=True)
        undercloud.run_workflow(
            IMPORT, container=copy, archive=f"{plan}.tar.gz"
        )
        for key in ("passwords", "parameter_defaults", "environments"):
            assert state(undercloud, copy)[key] == state(undercloud, plan)[key]
        _, listing = undercloud.swift.get_container(copy)
        assert "overcloud.yaml" in {each["name"] for each in listing}
        with pytest.raises(errors.ActionFailed, match="already exists"):
            undercloud.run_workflow(IMPORT, container=plan)
        undercloud.swift.delete_object(EXPORTS, f"{plan}.tar.gz")


def test_a_bad_archive_leaves_nothing(undercloud: Client) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        link = tarfile.TarInfo("overcloud.yaml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/shadow"
        tar.addfile(link)
    with plans.named(undercloud) as plan:
        undercloud.swift.put_container(EXPORTS)
        undercloud.swift.put_object(
            EXPORTS, f"{plan}.tar.gz", stream.getvalue()
        )
        with pytest.raises(errors.ActionFailed, match="is no plain file"):
            undercloud.run_workflow(IMPORT, container=plan)
        undercloud.swift.delete_object(EXPORTS, f"{plan}.tar.gz")
        with pytest.raises(errors.ActionFailed, match="There is no archive"):
            undercloud.run_workflow(IMPORT, container=plan)
        with pytest.raises(errors.ActionFailed, match="There is no plan"):
            undercloud.run_action("tripleo.plan.delete", container=plan)


def test_links_and_tokens_open_containers(undercloud: Client) -> None:
    with plans.uploaded(undercloud) as plan:
        name = "dir/å ?x=1 #%2F"
        inputs = {"container": plan, "obj": name, "valid": "60"}
        put = undercloud.run_action(
            "tripleo.swift.tempurl", **inputs, method="PUT"
        )
        requests.put(put, data=b"content", timeout=60).raise_for_status()
        get = undercloud.run_action("tripleo.swift.tempurl", **inputs)
        assert requests.get(get, timeout=60).content == b"content"
        assert requests.put(get, data=b"x", timeout=60).status_code == 401

        told = undercloud.run_action(
            "tripleo.swift.swift_information", container=plan
        )
        answer = requests.get(
            f"{told['container_url']}/overcloud.j2.yaml",
            headers={"X-Auth-Token": told["auth_key"]},
            timeout=60,
        )
        assert answer.text == plans.SMALL["overcloud.j2.yaml"]
