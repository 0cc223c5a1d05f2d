from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import deletion, updating
from tripleo_common.plans.store import Plan
from tripleo_common.tests.unit.plans.test_store import FILES

OTHER = "heat_template_version: rocky\n"


def encoded(files):
    return {path: text.encode() for path, text in files.items()}


def variables(cloud):
    return cloud.workflow.environments.variables["my_cloud"]


def contents(cloud):
    files = cloud.object_store.containers["my_cloud"]
    return {path: content.decode() for path, (content, _) in files.items()}


@pytest.fixture
def plan(cloud):
    """A plan of a source, with what operators did to it."""
    cloud.object_store.add("my_cloud", {})
    plan = Plan(cloud, "my_cloud")
    updating.upload(plan, encoded(FILES | {"old.yaml": "a: 1"}))
    plan.create()
    plan.upload({"user-environment.yaml": b"parameter_defaults: {}"})
    with plan.changing() as current:
        current.parameter_defaults = {"ComputeCount": 2}
        current.passwords = {"AdminPassword": "s3cret"}
        current.environments.append({"path": "user-environment.yaml"})
    plan.process()
    return plan


class TestPlansOwnTemplates:
    def test_a_root_template_is_followed(self, cloud, plan):
        plan.upload(
            {
                "capabilities-map.yaml": b"root_template: other.yaml\n"
                b"root_environment: other-environment.yaml\n",
                "other.yaml": OTHER.encode(),
                "other-environment.yaml": b"",
            }
        )
        updating.update(plan, None, {})
        stored = variables(cloud)
        assert stored["template"] == "other.yaml"
        assert stored["environments"] == [
            {"path": "other-environment.yaml"},
            {"path": "overcloud-resource-registry-puppet.yaml"},
            {"path": "user-environment.yaml"},
        ]
        assert stored["capabilities"]["root_template"] == "other.yaml"
        assert stored["parameter_defaults"] == {"ComputeCount": 2}
        assert stored["passwords"] == {"AdminPassword": "s3cret"}

    def test_the_root_environment_of_before_goes(self, cloud, plan):
        for name in ("first", "second"):
            plan.upload(
                {
                    "capabilities-map.yaml": (
                        f"root_environment: {name}.yaml\n"
                    ).encode(),
                    f"{name}.yaml": b"",
                }
            )
            updating.update(plan, None, {})
        paths = [each["path"] for each in variables(cloud)["environments"]]
        assert "first.yaml" not in paths
        assert paths[0] == "second.yaml"

    def test_a_map_that_tells_no_root_any_more(self, cloud, plan):
        plan.upload(
            {
                "capabilities-map.yaml": b"root_template: other.yaml\n",
                "other.yaml": OTHER.encode(),
            }
        )
        updating.update(plan, None, {})
        plan.upload({"capabilities-map.yaml": b"topics: []\n"})
        updating.update(plan, None, {})
        assert variables(cloud)["template"] == "overcloud.yaml"

    def test_environments_that_a_client_dropped_begin_anew(self, cloud, plan):
        """As the client of Newton does before each deployment."""
        variables(cloud)["environments"] = []
        updating.update(plan, None, {})
        assert variables(cloud)["environments"] == [
            {"path": "overcloud-resource-registry-puppet.yaml"}
        ]

    def test_what_is_in_force_and_gone_is_told(self, cloud, plan):
        plan.container.remove(["user-environment.yaml"])
        before = dict(variables(cloud))
        with pytest.raises(errors.FileMissing, match=r"user-environment\.y"):
            updating.update(plan, None, {})
        assert variables(cloud) == before


class TestSource:
    def test_files_come_and_go_with_it(self, cloud, plan):
        updating.replace(plan, encoded(FILES | {"new.yaml": "b: 2"}))
        stored = contents(cloud)
        assert stored["new.yaml"] == "b: 2"
        assert "old.yaml" not in stored
        assert "user-environment.yaml" in stored
        assert variables(cloud)["parameter_defaults"] == {"ComputeCount": 2}
        mirror = yaml.safe_load(stored["plan-environment.yaml"])
        assert mirror["passwords"] == {"AdminPassword": "s3cret"}

    def test_operators_files_stay(self, cloud, plan):
        files = encoded(FILES | {"roles_data.yaml": "- name: Other\n"})
        updating.replace(plan, files, {"roles_data.yaml", "network_data.yaml"})
        assert contents(cloud)["roles_data.yaml"] == FILES["roles_data.yaml"]

    def test_its_plan_environment_adds_to_the_plans(self, cloud, plan):
        told = {
            "template": "other.yaml",
            "environments": [{"path": "extra.yaml"}],
            "parameter_defaults": {"ComputeCount": 9, "New": 1},
            "passwords": {"AdminPassword": "theirs"},
            "workflow_parameters": {"a": {}},
        }
        files = encoded(
            FILES
            | {
                "other.yaml": OTHER,
                "extra.yaml": "",
                "plan-environment.yaml": yaml.safe_dump(told),
            }
        )
        updating.replace(plan, files)
        stored = variables(cloud)
        assert stored["template"] == "other.yaml"
        assert stored["environments"][0] == {"path": "extra.yaml"}
        assert stored["parameter_defaults"] == {"ComputeCount": 2, "New": 1}
        assert stored["passwords"] == {"AdminPassword": "s3cret"}
        mirror = yaml.safe_load(contents(cloud)["plan-environment.yaml"])
        assert mirror["workflow_parameters"] == {"a": {}}
        assert mirror["parameter_defaults"] == {"ComputeCount": 2, "New": 1}

    @pytest.mark.parametrize(
        "bad",
        [
            {"overcloud.j2.yaml": "a: [\n"},
            {"bad.j2.yaml": "{{ roles[9].name }}"},
            {"plan-environment.yaml": "environments: {a: 1}\n"},
            {"plan-environment.yaml": "template: none.yaml\n"},
            {"capabilities-map.yaml": "topics: [\n"},
        ],
    )
    def test_what_cannot_be_used_changes_nothing(self, cloud, plan, bad):
        before = contents(cloud), dict(variables(cloud))
        with pytest.raises(errors.InvalidInput):
            updating.replace(plan, encoded(FILES | bad))
        assert (contents(cloud), variables(cloud)) == before

    def test_a_container_of_others_is_left_alone(self, cloud):
        cloud.object_store.add("photos", {}, plan=False)
        with pytest.raises(errors.NotAPlan):
            updating.upload(Plan(cloud, "photos"), {"a": b""})


class TestPlanEnvironment:
    def test_it_is_laid_over_the_plans(self, cloud, plan):
        told = {
            "name": "other",
            "parameter_defaults": {"New": 1},
            "passwords": {"NovaPassword": "new"},
            "description": "Mine",
        }
        updating.upload_plan_environment(plan, told)
        stored = variables(cloud)
        assert stored["parameter_defaults"] == {"New": 1}
        assert stored["passwords"] == {
            "AdminPassword": "s3cret",
            "NovaPassword": "new",
        }
        mirror = yaml.safe_load(contents(cloud)["plan-environment.yaml"])
        assert (mirror["name"], mirror["description"]) == ("my_cloud", "Mine")

    def test_a_plan_to_be_begins_with_it(self, cloud):
        cloud.object_store.add("my_cloud", FILES)
        plan = Plan(cloud, "my_cloud")
        told = {"parameter_defaults": {"ComputeCount": 7}}
        updating.upload_plan_environment(plan, told)
        plan.create()
        assert variables(cloud)["parameter_defaults"] == {"ComputeCount": 7}

    def test_another_form_is_refused(self, cloud, plan):
        before = dict(variables(cloud))
        with pytest.raises(errors.InvalidFile, match="must be a mapping"):
            updating.upload_plan_environment(plan, {"passwords": []})
        assert variables(cloud) == before


class TestMigrating:
    def test_a_plan_gets_its_file_back(self, cloud, plan):
        plan.container.remove(["plan-environment.yaml"])
        updating.migrate(plan)
        mirror = yaml.safe_load(contents(cloud)["plan-environment.yaml"])
        assert mirror["passwords"] == {"AdminPassword": "s3cret"}

    def test_a_file_that_is_there_stays(self, cloud, plan):
        before = contents(cloud)
        updating.migrate(plan)
        assert contents(cloud) == before

    def test_a_plan_to_be_gets_one(self, cloud):
        cloud.object_store.add("my_cloud", FILES)
        updating.migrate(Plan(cloud, "my_cloud"))
        told = yaml.safe_load(contents(cloud)["plan-environment.yaml"])
        assert told["template"] == "overcloud.yaml"


class TestUndoing:
    def test_state_and_rendered_files_go(self, cloud, plan):
        cloud.orchestration.stacks.add("my_cloud", "CREATE_COMPLETE")
        deletion.delete_state(cloud, plan)
        assert "overcloud.yaml" not in contents(cloud)
        assert "overcloud.j2.yaml" in contents(cloud)
        assert "my_cloud" not in cloud.workflow.environments.variables

    def test_what_is_not_there_is_told(self, cloud):
        cloud.object_store.add("my_cloud", FILES)
        with pytest.raises(errors.PlanNotFound):
            deletion.delete_state(cloud, Plan(cloud, "my_cloud"))
