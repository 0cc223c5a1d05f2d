from __future__ import annotations

import pytest

from tripleo_common import constants, errors
from tripleo_common.plans import (
    operation,
    plan_environment,
    updating,
    versions,
)
from tripleo_common.plans.store import Plan

PLAN = "my_cloud"
SECRET = "s3cretOfAdmin"
FILES = {
    "roles_data.yaml": "- name: Controller\n",
    "overcloud.j2.yaml": "heat_template_version: rocky\n"
    "parameters:\n  n: {type: number, default: {{ roles | length }}}\n",
    "overcloud-resource-registry-puppet.yaml": "parameter_defaults: {}\n",
    "notes.txt": "first",
}
NOTHING = {"added": [], "changed": [], "removed": []}
NO_VALUES = {"added": {}, "changed": {}, "removed": {}}
NO_STATE = {
    "template": None,
    "environments": {**NOTHING, "reordered": False},
    "parameters": NO_VALUES,
    "passwords": NOTHING,
    "other": NOTHING,
}


@pytest.fixture
def plan(cloud):
    """A plan that was made as the workflows do it."""
    cloud.object_store.add(PLAN, FILES)
    plan = Plan(cloud, PLAN)
    with operation.running("create", "id-1", "admin", "staff"):
        plan.create()
        plan.generate_passwords()
        plan.process()
    return plan


def objects(cloud):
    return cloud.object_store.containers[f"{PLAN}-history"]


def put(cloud, path, text):
    """As a client does that talks to Swift itself."""
    content = text.encode(), "text/plain"
    cloud.object_store.containers[PLAN][path] = content


def contents(cloud):
    return {
        path: content
        for path, (content, kind) in cloud.object_store.containers[
            PLAN
        ].items()
        if path != constants.PLAN_ENVIRONMENT_FILE
    }


class TestListed:
    def test_one_execution_makes_one_version(self, plan):
        (only,) = versions.listed(plan)
        assert only.pop("time").startswith("20")
        assert only == {
            "version": 1,
            "user": "admin",
            "project": "staff",
            "operation": "create",
            "execution": "id-1",
            "restored": None,
            "found": False,
            "changes": None,
        }

    def test_each_call_of_an_action_makes_one(self, plan):
        plan.merge_parameters({"ComputeCount": 1, "AdminToken": "geheimnis"})
        with operation.running("another", "id-2", "eva", "staff"):
            plan.merge_parameters({"ComputeCount": 2})
        second, first, _ = versions.listed(plan)
        assert (second["version"], first["version"]) == (3, 2)
        assert (second["user"], first["user"]) == ("eva", None)
        assert first["changes"] == {
            "files": NOTHING,
            **NO_STATE,
            "parameters": {
                **NO_VALUES,
                "added": {"ComputeCount": 1, "AdminToken": "***"},
            },
        }
        changed = {"ComputeCount": {"before": 1, "after": 2}}
        assert second["changes"]["parameters"]["changed"] == changed

    def test_what_changes_nothing_makes_none(self, plan):
        plan.process()
        plan.generate_passwords()
        plan.merge_parameters({})
        updating.update(plan, None, {})
        assert [each["version"] for each in versions.listed(plan)] == [1]

    def test_files_that_a_client_wrote_are_told(self, cloud, plan):
        put(cloud, "new.j2.yaml", "a: {{ roles | length }}\n")
        put(cloud, "notes.txt", "second")
        plan.process()
        newest, _ = versions.listed(plan)
        assert newest["changes"]["files"] == {
            "added": ["new.j2.yaml"],
            "changed": ["notes.txt"],
            "removed": [],
        }
        assert "new.yaml" in contents(cloud)

    def test_files_that_are_uploaded_are_told_at_once(self, plan):
        plan.upload({"a.yaml": b"a: 1\n"}, gone=["notes.txt"])
        newest, _ = versions.listed(plan)
        assert newest["changes"] == {
            "files": {
                "added": ["a.yaml"],
                "changed": [],
                "removed": ["notes.txt"],
            },
            **NO_STATE,
        }

    def test_an_update_is_one_version_of_files_and_state(self, plan):
        told = {"parameter_defaults": {"ComputeCount": 5}}
        files = {**FILES, "capabilities-map.yaml": "root_template: notes.txt"}
        encoded = {path: text.encode() for path, text in files.items()}
        with pytest.raises(errors.InvalidFile):
            updating.update(plan, encoded, told)
        encoded["capabilities-map.yaml"] = b""
        updating.update(plan, encoded, told)
        newest, first = versions.listed(plan)
        assert (newest["version"], first["version"]) == (2, 1)
        changes = newest["changes"]
        assert changes["files"]["added"] == ["capabilities-map.yaml"]
        assert changes["parameters"]["added"] == {"ComputeCount": 5}

    def test_roles_that_change_are_one_version(self, plan):
        plan.process(replaced={"roles_data.yaml": "- name: Compute\n"})
        newest, _ = versions.listed(plan)
        assert newest["changes"] == {
            "files": {**NOTHING, "changed": ["roles_data.yaml"]},
            **NO_STATE,
        }

    def test_what_another_client_wrote_is_told_as_found(self, cloud, plan):
        path = constants.PLAN_ENVIRONMENT_FILE
        content, kind = cloud.object_store.containers[PLAN][path]
        told = content.replace(
            b"parameter_defaults: {}", b"parameter_defaults: {Count: 7}"
        )
        cloud.object_store.containers[PLAN][path] = (told, kind)
        newest, _ = versions.listed(plan)
        assert newest["found"] is True
        assert newest["changes"]["parameters"]["added"] == {"Count": 7}

    def test_passwords_and_other_keys_are_told_by_name(self, plan):
        plan.generate_passwords(rotated=["AdminPassword"])
        plan_environment.update(plan, "derived_parameters", value={"a": 1})
        with plan.changing() as current:
            current.environments.reverse()
            current.environments.insert(0, {"path": "overcloud.j2.yaml"})
            current.template = "notes.txt"
        third, second, first, _ = versions.listed(plan)
        assert first["changes"]["passwords"]["changed"] == ["AdminPassword"]
        assert second["changes"]["other"]["added"] == ["derived_parameters"]
        assert third["changes"]["environments"] == {
            **NOTHING,
            "added": ["overcloud.j2.yaml"],
            "reordered": False,
        }
        assert third["changes"]["template"] == {
            "before": "overcloud.yaml",
            "after": "notes.txt",
        }

    def test_no_password_of_either_version_is_told(self, plan):
        before = plan.state().passwords["AdminPassword"]
        plan.merge_parameters({"Note": f"it is {before}!"})
        plan.generate_passwords(rotated=["AdminPassword"])
        after = plan.state().passwords["AdminPassword"]
        plan.merge_parameters({"Note": f"it is {after}!"})
        told = repr(versions.listed(plan))
        assert before not in told
        assert after not in told
        assert "it is ***!" in told

    def test_some_of_them(self, plan):
        for number in range(5):
            plan.merge_parameters({"Count": number})
        told = versions.listed(plan, 2, number=4)
        assert [each["version"] for each in told] == [4, 3]
        assert told[1]["changes"]["parameters"]["changed"] == {
            "Count": {"before": 0, "after": 1}
        }
        for wrong in (0, -1, 101):
            with pytest.raises(errors.InvalidInput, match="from 1 to 100"):
                versions.listed(plan, wrong)

    def test_there_must_be_a_plan(self, cloud):
        with pytest.raises(errors.PlanNotFound):
            versions.listed(Plan(cloud, "absent"))

    def test_a_plan_of_before_begins_with_its_next_change(self, cloud):
        cloud.add_plan(PLAN, FILES)
        plan = Plan(cloud, PLAN)
        assert versions.listed(plan) == []
        with pytest.raises(errors.VersionNotFound, match="next change"):
            versions.roll_back(cloud, plan, 1)
        plan.merge_parameters({"Count": 1})
        assert [each["version"] for each in versions.listed(plan)] == [1]
        put(cloud, "notes.txt", "second")
        versions.roll_back(cloud, plan, 1)
        assert contents(cloud)["notes.txt"] == b"first"


class TestRollingBack:
    def test_all_is_as_it_was(self, cloud, plan):
        plan.merge_parameters({"ComputeCount": 1, "AdminPassword": SECRET})
        plan_environment.update(plan, "derived_parameters", value={"a": 1})
        before, kept = contents(cloud), plan.state()
        put(cloud, "notes.txt", "second")
        put(cloud, "new.j2.yaml", "a: 1\n")
        del cloud.object_store.containers[PLAN]["roles_data.yaml"]
        put(cloud, "roles_data.yaml", "- name: Compute\n- name: B\n")
        plan.process()
        plan.merge_parameters({"ComputeCount": 2, "AdminPassword": "x"})
        plan_environment.update(plan, "derived_parameters", delete=True)
        told = versions.roll_back(cloud, plan, 3)
        plan.process()
        after = plan.state()
        assert contents(cloud) == before
        assert after.parameter_defaults == kept.parameter_defaults
        assert after.passwords == kept.passwords
        assert after.mirror["rest"] == {"derived_parameters": {"a": 1}}
        assert told["version"] == 7
        assert told["changes"]["files"] == {
            "added": [],
            "changed": ["notes.txt", "roles_data.yaml"],
            "removed": ["new.j2.yaml"],
        }
        newest = versions.listed(plan)[0]
        assert (newest["version"], newest["restored"]) == (7, 3)
        assert newest["changes"] == told["changes"]
        assert SECRET not in repr(told)

    def test_what_came_from_a_source_still_does(self, cloud, plan):
        files = {path: text.encode() for path, text in FILES.items()}
        updating.replace(plan, {**files, "old.yaml": b"a: 1\n"})
        updating.replace(plan, files)
        assert "old.yaml" not in contents(cloud)
        versions.roll_back(cloud, plan, 2)
        kind = cloud.object_store.containers[PLAN]["old.yaml"][1]
        assert kind.endswith(updating.MARK)
        updating.replace(plan, files)
        assert "old.yaml" not in contents(cloud)

    def test_passwords_stay_unless_asked_for(self, cloud, plan):
        before = plan.state().passwords
        plan.generate_passwords(rotated=["AdminPassword"])
        with plan.changing() as current:
            current.passwords["NewPassword"] = "made since"
        versions.roll_back(cloud, plan, 1)
        password = plan.state().passwords["AdminPassword"]
        assert password != before["AdminPassword"]
        told = versions.roll_back(cloud, plan, 1, include_passwords=True)
        assert told["changes"]["passwords"]["changed"] == ["AdminPassword"]
        assert plan.state().passwords == {
            **before,
            "NewPassword": "made since",
        }

    def test_a_dry_run_changes_nothing(self, cloud, plan):
        plan.merge_parameters({"ComputeCount": 1})
        put(cloud, "notes.txt", "second")
        plan.process()
        before = repr(objects(cloud)), repr(contents(cloud))
        state = plan.state()
        told = versions.roll_back(cloud, plan, 1, dry_run=True)
        assert told["version"] == 3
        assert told["changes"]["files"]["changed"] == ["notes.txt"]
        assert told["changes"]["parameters"]["removed"] == {"ComputeCount": 1}
        assert (repr(objects(cloud)), repr(contents(cloud))) == before
        assert plan.state() == state

    def test_nothing_to_do_makes_no_version(self, cloud, plan):
        told = versions.roll_back(cloud, plan, 1)
        assert told["version"] == 1
        assert told["changes"] == {"files": NOTHING, **NO_STATE}
        assert len(versions.listed(plan)) == 1

    def test_it_can_be_undone(self, cloud, plan):
        plan.merge_parameters({"ComputeCount": 1})
        versions.roll_back(cloud, plan, 1)
        assert plan.state().parameter_defaults == {}
        versions.roll_back(cloud, plan, 2)
        assert plan.state().parameter_defaults == {"ComputeCount": 1}

    def test_an_unknown_version_tells_the_known_ones(self, cloud, plan):
        plan.merge_parameters({"ComputeCount": 1})
        for wrong in (0, -1, 3, 10**30):
            with pytest.raises(
                errors.VersionNotFound,
                match=rf"no version {wrong}\. It has "
                "1 to 2; tripleo.plan.history",
            ):
                versions.roll_back(cloud, plan, wrong)

    def test_files_that_are_gone_are_told(self, cloud, plan):
        put(cloud, "notes.txt", "second")
        plan.process()
        before = contents(cloud)
        for name in list(objects(cloud)):
            if name.startswith("packs/"):
                del objects(cloud)[name]
        with pytest.raises(
            errors.VersionIncomplete, match=r"version 1.*lacks notes\.txt\."
        ):
            versions.roll_back(cloud, plan, 1)
        for name in list(objects(cloud)):
            if name.startswith("lists/"):
                del objects(cloud)[name]
        with pytest.raises(
            errors.VersionIncomplete, match="lacks its list of files"
        ):
            versions.roll_back(cloud, plan, 1)
        assert versions.listed(plan)[0]["changes"]["files"] is None
        assert contents(cloud) == before
        # What there is, needs no pack.
        versions.listed(plan)

    def test_a_stack_that_is_changed_is_left_alone(self, cloud, plan):
        plan.merge_parameters({"ComputeCount": 1})
        cloud.orchestration.stacks.add(PLAN, "UPDATE_IN_PROGRESS")
        for dry_run in (False, True):
            with pytest.raises(errors.StackBusy):
                versions.roll_back(cloud, plan, 1, dry_run=dry_run)
        cloud.orchestration.stacks.add(PLAN, "CREATE_COMPLETE")
        versions.roll_back(cloud, plan, 1)

    def test_what_cannot_be_rendered_changes_nothing(self, cloud, plan):
        put(cloud, "bad.j2.yaml", "{{ roles[9].name }}")
        plan.merge_parameters({"ComputeCount": 1})
        with pytest.raises(errors.InvalidFile):
            plan.process()
        plan.upload({"a.yaml": b"a: 1\n"})
        put(cloud, "bad.j2.yaml", "")
        plan.process()
        before, state = contents(cloud), plan.state()
        with pytest.raises(errors.InvalidFile, match=r"bad\.j2\.yaml, line"):
            versions.roll_back(cloud, plan, 3)
        assert contents(cloud) == before
        assert plan.state() == state

    def test_what_heat_refuses_changes_nothing(self, cloud, plan):
        plan.merge_parameters({"ComputeCount": 1})
        refusal = errors.ServiceError("Heat", "it", "HTTP 400: no", "Mend.")

        def refuse(**arguments):
            raise refusal

        cloud.orchestration.stacks.validate = refuse
        state = plan.state()
        with pytest.raises(errors.ServiceError, match="HTTP 400: no"):
            versions.roll_back(cloud, plan, 1, validate=True)
        assert plan.state() == state
        versions.roll_back(cloud, plan, 1)
