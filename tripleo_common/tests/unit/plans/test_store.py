from __future__ import annotations

import pytest
from oslo_config import cfg

from tripleo_common import conf, errors
from tripleo_common.plans import passwords
from tripleo_common.plans.store import Plan

TEMPLATE = "heat_template_version: rocky\n"
FILES = {
    "roles_data.yaml": "- name: Controller\n- name: Compute\n",
    "overcloud.j2.yaml": TEMPLATE
    + "parameters: {% for r in roles %}\n"
    + "  {{r.name}}Count: {type: number}{% endfor %}\n",
    "overcloud-resource-registry-puppet.j2.yaml": "resource_registry: {}\n",
    "puppet/role.role.j2.yaml": TEMPLATE + "description: {{role.name}}\n",
}


def variables(cloud, plan="my_cloud"):
    return cloud.workflow.environments.variables[plan]


@pytest.fixture
def without_history():
    conf.options()
    cfg.CONF.set_override("history_versions", 0, conf.GROUP)
    yield
    cfg.CONF.clear_override("history_versions", conf.GROUP)


class TestCreatingTheContainer:
    def test_it_is_marked(self, cloud):
        Plan(cloud, "my_cloud").create_container()
        assert Plan(cloud, "my_cloud").container.is_plan()

    def test_an_existing_one_is_refused(self, cloud):
        cloud.object_store.add("my_cloud", {}, plan=False)
        with pytest.raises(errors.PlanExists, match="container named"):
            Plan(cloud, "my_cloud").create_container()

    def test_a_plan_that_lost_its_container_can_be_completed(self, cloud):
        cloud.workflow.environments.variables["my_cloud"] = {"template": "x"}
        Plan(cloud, "my_cloud").create_container()
        assert Plan(cloud, "my_cloud").container.exists()

    def test_such_a_plan_is_refused_to_who_wants_a_new_one(self, cloud):
        cloud.workflow.environments.variables["my_cloud"] = {"template": "x"}
        with pytest.raises(errors.PlanExists, match="environment named"):
            Plan(cloud, "my_cloud").create_container(only_if_new=True)
        assert "my_cloud" not in cloud.object_store.containers


class TestUploading:
    def test_only_what_differs_is_sent(self, cloud):
        cloud.object_store.add("my_cloud", {"a": "A", "b": "B"})
        Plan(cloud, "my_cloud").upload({"a": b"A", "b": b"new", "c": b"C"})
        assert cloud.object_store.requests["PUT object"] == 2
        assert set(cloud.object_store.containers["my_cloud"]) == set("abc")

    def test_another_ones_container_is_left_alone(self, cloud):
        cloud.object_store.add("photos", {}, plan=False)
        with pytest.raises(errors.NotAPlan):
            Plan(cloud, "photos").upload({"a": b"A"})

    def test_there_must_be_a_container(self, cloud):
        with pytest.raises(errors.PlanNotFound):
            Plan(cloud, "absent").upload({"a": b"A"})


class TestCreating:
    def test_templates_that_say_nothing_deploy_overcloud_yaml(self, cloud):
        cloud.object_store.add("my_cloud", FILES)
        Plan(cloud, "my_cloud").create()
        created = dict(variables(cloud))
        assert created.pop("history")["version"] == 1
        assert created == {
            "template": "overcloud.yaml",
            "environments": [
                {"path": "overcloud-resource-registry-puppet.yaml"}
            ],
            "parameter_defaults": {},
            "passwords": {},
        }

    def test_a_capabilities_map_tells_what_to_deploy(self, cloud):
        capabilities = "root_template: a.yaml\nroot_environment: b.yaml\n"
        cloud.object_store.add(
            "my_cloud",
            {
                "capabilities-map.yaml": capabilities,
                "a.yaml": "",
                "b.yaml": "",
            },
        )
        Plan(cloud, "my_cloud").create()
        assert variables(cloud)["template"] == "a.yaml"
        assert variables(cloud)["environments"] == [{"path": "b.yaml"}]
        assert variables(cloud)["capabilities"]["root_template"] == "a.yaml"

    def test_a_plan_environment_tells_what_to_deploy(self, cloud):
        environment = (
            "template: a.yaml\n"
            "environments: [{path: b.yaml}, {data: {parameters: {}}}]\n"
            "parameter_defaults: {ComputeCount: 3}\n"
        )
        cloud.object_store.add(
            "my_cloud",
            {"plan-environment.yaml": environment, "a.yaml": "", "b.yaml": ""},
        )
        Plan(cloud, "my_cloud").create()
        assert variables(cloud)["template"] == "a.yaml"
        assert len(variables(cloud)["environments"]) == 2
        assert variables(cloud)["parameter_defaults"] == {"ComputeCount": 3}

    @pytest.mark.parametrize("missing", ["overcloud.j2.yaml", list(FILES)[2]])
    def test_without_its_root_files_there_is_no_plan(self, cloud, missing):
        files = {path: text for path, text in FILES.items() if path != missing}
        cloud.object_store.add("my_cloud", files)
        with pytest.raises(errors.FileMissing, match="overcloud"):
            Plan(cloud, "my_cloud").create()
        assert not cloud.workflow.environments.plans

    def test_a_plan_is_created_once(self, cloud):
        cloud.add_plan("my_cloud", FILES, parameter_defaults={"a": 1})
        with pytest.raises(errors.PlanExists):
            Plan(cloud, "my_cloud").create()
        assert variables(cloud)["parameter_defaults"] == {"a": 1}

    def test_there_must_be_a_container(self, cloud):
        with pytest.raises(errors.PlanNotFound):
            Plan(cloud, "absent").create()

    def test_another_ones_container_is_no_plan(self, cloud):
        cloud.object_store.add("photos", FILES, plan=False)
        with pytest.raises(errors.NotAPlan):
            Plan(cloud, "photos").create()


class TestPasswords:
    def test_they_are_stored_and_told(self, cloud):
        cloud.add_plan("my_cloud", {})
        told = Plan(cloud, "my_cloud").generate_passwords()
        assert set(told) == set(passwords.kinds())
        assert variables(cloud)["passwords"] == told

    def test_a_second_time_changes_nothing(self, cloud):
        cloud.add_plan("my_cloud", {})
        first = Plan(cloud, "my_cloud").generate_passwords()
        assert Plan(cloud, "my_cloud").generate_passwords() == first

    def test_what_an_operator_set_is_told(self, cloud):
        cloud.add_plan(
            "my_cloud",
            {},
            parameter_defaults={"AdminPassword": "mine", "a": 1},
        )
        told = Plan(cloud, "my_cloud").generate_passwords()
        assert told["AdminPassword"] == "mine"
        assert "a" not in told
        assert variables(cloud)["passwords"]["AdminPassword"] != "mine"

    def test_a_cloud_that_runs_keeps_its_own(self, cloud):
        cloud.add_plan("my_cloud", {})
        cloud.orchestration.stacks.add("my_cloud", "CREATE_COMPLETE")
        cloud.orchestration.stacks.environments["my_cloud"] = {
            "parameter_defaults": {"AdminPassword": "live", "ComputeCount": 1}
        }
        told = Plan(cloud, "my_cloud").generate_passwords()
        assert told["AdminPassword"] == "live"
        assert "ComputeCount" not in told

    def test_what_heat_hides_is_no_password(self, cloud):
        cloud.add_plan("my_cloud", {}, passwords={"AdminPassword": "mine"})
        cloud.orchestration.stacks.add("my_cloud", "CREATE_COMPLETE")
        cloud.orchestration.stacks.environments["my_cloud"] = {
            "parameter_defaults": {"AdminPassword": "******"}
        }
        told = Plan(cloud, "my_cloud").generate_passwords()
        assert told["AdminPassword"] == "mine"

    @pytest.mark.parametrize("section", ["parameters", "parameter_defaults"])
    def test_a_cloud_whose_passwords_are_lost_keeps_them(self, cloud, section):
        cloud.add_plan("my_cloud", {})
        cloud.orchestration.stacks.add("my_cloud", "CREATE_COMPLETE")
        hidden = {"AdminPassword": "******", "MyOwnSecret": "******"}
        cloud.orchestration.stacks.environments["my_cloud"] = {section: hidden}
        plan = Plan(cloud, "my_cloud")
        with pytest.raises(
            errors.PasswordsLost, match=r"1 .*\(AdminPassword\)"
        ):
            plan.generate_passwords()
        assert not variables(cloud).get("passwords")
        plan.merge_parameters({"AdminPassword": "the real one"})
        assert plan.generate_passwords()["AdminPassword"] == "the real one"


class TestProcessing:
    def test_the_rendered_files_are_stored_and_collected(self, cloud):
        cloud.add_plan(
            "my_cloud",
            FILES,
            passwords={"AdminPassword": "generated"},
            parameter_defaults={"ComputeCount": 2},
        )
        inputs = Plan(cloud, "my_cloud").process({"DeployIdentifier": "1"})
        assert set(inputs.template["parameters"]) == {
            "ControllerCount",
            "ComputeCount",
        }
        assert inputs.environment["parameter_defaults"] == {
            "AdminPassword": "generated",
            "ComputeCount": 2,
            "DeployIdentifier": "1",
        }
        stored = cloud.object_store.containers["my_cloud"]
        assert b"Compute" in stored["puppet/compute-role.yaml"][0]
        assert "DeployIdentifier" not in variables(cloud)["parameter_defaults"]

    def test_a_second_time_writes_nothing(self, cloud):
        cloud.add_plan("my_cloud", FILES)
        first = Plan(cloud, "my_cloud").process()
        swift = cloud.object_store.requests
        mistral = cloud.workflow.environments.requests
        swift.clear()
        mistral.clear()
        assert Plan(cloud, "my_cloud").process() == first
        assert swift == {"HEAD object": 1, "GET container": 1}
        assert mistral == {"LIST": 1, "GET": 1}

    def test_one_change_costs_few_requests_besides_the_files(
        self, cloud, without_history
    ):
        cloud.add_plan("my_cloud", FILES)
        Plan(cloud, "my_cloud").process()
        swift = cloud.object_store.requests
        mistral = cloud.workflow.environments.requests
        cloud.object_store.containers["my_cloud"][
            "puppet/role.role.j2.yaml"
        ] = (
            b"heat_template_version: rocky\ndescription: {{role.name}} anew",
            "text/plain",
        )
        swift.clear()
        mistral.clear()
        Plan(cloud, "my_cloud").process()
        changed = swift["GET object"] + swift["PUT object"]
        assert changed == 3
        assert swift.total() + mistral.total() <= changed + 10

    def test_what_somebody_else_changed_meanwhile_counts(
        self, cloud, monkeypatch
    ):
        """Between the look at the plan and the lease."""
        cloud.add_plan("my_cloud", FILES)
        stock = Plan._processed

        def processed(plan, *args):
            monkeypatch.setattr(Plan, "_processed", stock)
            found = stock(plan, *args)
            other = Plan(cloud, "my_cloud")
            other.upload({"roles_data.yaml": b"- name: Other\n"})
            other.merge_parameters({"OtherCount": 3})
            return found

        monkeypatch.setattr(Plan, "_processed", processed)
        inputs = Plan(cloud, "my_cloud").process()
        assert inputs.environment["parameter_defaults"] == {"OtherCount": 3}
        stored = cloud.object_store.containers["my_cloud"]
        assert "puppet/other-role.yaml" in stored
        assert "puppet/compute-role.yaml" not in stored

    def test_where_nothing_is_to_be_written_nobody_is_waited_for(self, cloud):
        cloud.add_plan("my_cloud", FILES)
        first = Plan(cloud, "my_cloud").process()
        with Plan(cloud, "my_cloud").exclusively():
            assert Plan(cloud, "my_cloud").process() == first

    def test_what_is_not_rendered_any_more_goes(self, cloud):
        cloud.add_plan("my_cloud", {**FILES, "puppet/mine.yaml": "kept"})
        plan = Plan(cloud, "my_cloud")
        plan.process()
        plan.upload({"roles_data.yaml": b"- name: Controller\n"})
        plan.process()
        stored = cloud.object_store.containers["my_cloud"]
        assert "puppet/controller-role.yaml" in stored
        assert "puppet/compute-role.yaml" not in stored
        assert "puppet/mine.yaml" in stored

    def test_a_wrong_file_leaves_everything_as_it_was(self, cloud):
        cloud.add_plan(
            "my_cloud",
            FILES,
            environments=[{"path": "absent.yaml"}],
        )
        with pytest.raises(errors.FileMissing, match=r"absent\.yaml"):
            Plan(cloud, "my_cloud").process()
        assert set(cloud.object_store.containers["my_cloud"]) == set(FILES)

    def test_half_plans_are_told(self, cloud):
        cloud.object_store.add("files", FILES)
        with pytest.raises(
            errors.PlanIncomplete, match="its environment does"
        ):
            Plan(cloud, "files").process()
        cloud.workflow.environments.variables["state"] = {"template": "a"}
        with pytest.raises(errors.PlanIncomplete, match="its container does"):
            Plan(cloud, "state").process()
        with pytest.raises(errors.PlanNotFound):
            Plan(cloud, "absent").process()
