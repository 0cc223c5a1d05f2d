from __future__ import annotations

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import role_changes
from tripleo_common.plans.store import Plan

CONTROLLER = {"name": "Controller", "tags": ["primary"], "CountDefault": 1}
COMPUTE = {"name": "Compute", "networks": ["Tenant"], "ServicesDefault": []}
CEPH = {"name": "Ceph", "ServicesDefault": ["OS::TripleO::Services::CephOsd"]}
FILES = {
    "roles_data.yaml": (
        "- {name: Controller, tags: [primary], CountDefault: 1}"
    ),
    "roles/Compute.yaml": (
        "- {name: Compute, networks: [Tenant], ServicesDefault: []}"
    ),
    "roles/Controller.yaml": "- {name: Controller, tags: [primary]}",
    "roles/README.rst": "",
    "network_data.yaml": "- name: Tenant\n- name: Storage\n",
    "overcloud.j2.yaml": (
        "heat_template_version: rocky\n"
        "outputs: {roles: {value: "
        "[{% for role in roles %}{{role.name}},{% endfor %}]}}"
    ),
    "overcloud-resource-registry-puppet.yaml": "",
}


@pytest.fixture
def plan(cloud):
    cloud.add_plan("my_cloud", FILES)
    return Plan(cloud, "my_cloud")


@pytest.fixture
def stored(cloud, plan):
    """What the plan's container holds of a path, as text."""

    def stored(path):
        return cloud.object_store.containers["my_cloud"][path][0].decode()

    return stored


@pytest.mark.parametrize(
    ("role", "complaint"),
    [
        (7, r"role 1: 7 is not of type 'object'"),
        ({}, "role 1: 'name' is a required property"),
        ({"name": "../x"}, r"role \.\./x: name: '\.\./x' does not match"),
        (
            {"name": "A", "CountDefault": "1"},
            "role A: CountDefault: '1' is not of type 'integer'",
        ),
        (
            {"name": "A", "ServicesDefault": [7]},
            r"role A: ServicesDefault\.0: 7 is not of type 'string'",
        ),
        ({"name": "A", "networks": "Tenant"}, "role A: networks: 'Tenant'"),
        ({"name": "A", "tags": {"a": 1}}, "role A: tags: "),
        ({"name": "A"}, "do not know the roles A, and these do not say"),
    ],
)
def test_a_wrong_role_is_told(role, complaint):
    with pytest.raises(errors.InvalidInput, match=complaint):
        role_changes.validate([role], [CONTROLLER])


def test_every_wrong_role_is_told():
    with pytest.raises(errors.InvalidInput, match=r"role A: .*; role 2: "):
        role_changes.validate([{"name": "A", "tags": 7}, {}], [])


def test_a_role_is_given_once():
    with pytest.raises(errors.InvalidInput, match="there are 2 roles Ceph"):
        role_changes.validate([CEPH, CEPH], [])


def test_keys_that_templates_add_are_taken():
    role_changes.validate([{**CEPH, "new_key": {"a": [1]}}], [])
    role_changes.validate([{**CEPH, "networks": {"A": {"subnet": "s"}}}], [])


def test_an_available_role_may_leave_its_services_to_the_templates():
    role_changes.validate([{"name": "Controller"}], [CONTROLLER])


def test_a_role_replaces_the_one_of_its_name_where_it_stands():
    changed = {**CONTROLLER, "CountDefault": 3}
    assert role_changes.merge(
        [CEPH, changed], [CONTROLLER, COMPUTE], replace_all=False
    ) == [changed, COMPUTE, CEPH]


def test_the_others_go_on_request():
    assert role_changes.merge(
        [CEPH, CONTROLLER], [CONTROLLER, COMPUTE], replace_all=True
    ) == [CEPH, CONTROLLER]


def test_one_role_is_primary():
    with pytest.raises(errors.InvalidInput, match="None of the roles"):
        role_changes.merge([COMPUTE], [CONTROLLER], replace_all=True)


def test_roles_are_gathered_by_name_and_the_plans_own_win():
    own = {**COMPUTE, "CountDefault": 9}
    assert role_changes.gather(
        ["Compute", "Ceph", "Compute"], [own], [COMPUTE, CEPH]
    ) == [own, CEPH]


def test_an_unknown_name_is_told_with_those_there_are():
    with pytest.raises(
        errors.InvalidInput, match=r"no roles B: .*\(Ceph, Compute\)"
    ):
        role_changes.gather(["B", "Ceph"], [COMPUTE], [CEPH])


class TestUpdate:
    def test_the_file_and_what_is_rendered_from_it_change(self, plan, stored):
        roles = role_changes.update(plan, [CEPH])
        assert roles == [CONTROLLER, CEPH]
        assert yaml.safe_load(stored("roles_data.yaml")) == roles
        assert "[Controller,Ceph,]" in stored("overcloud.yaml")

    def test_what_stays_as_it_is_is_not_written(self, plan, stored):
        role_changes.update(plan, [CONTROLLER])
        assert stored("roles_data.yaml") == FILES["roles_data.yaml"]
        assert "[Controller,]" in stored("overcloud.yaml")

    def test_another_file_is_one_to_keep_roles_in(self, plan, stored):
        role_changes.update(plan, [CONTROLLER, CEPH], "roles_mine.yaml")
        assert "Ceph" in stored("roles_mine.yaml")
        assert "[Controller,]" in stored("overcloud.yaml")

    @pytest.mark.parametrize(
        ("role", "error"),
        [
            ({"name": "B"}, errors.InvalidInput),
            ({**CEPH, "networks": ["None"]}, errors.InvalidInput),
            ({**CEPH, "networks": {"None": {}}}, errors.InvalidInput),
        ],
    )
    def test_a_wrong_role_changes_nothing(self, cloud, plan, role, error):
        before = dict(cloud.object_store.containers["my_cloud"])
        with pytest.raises(error):
            role_changes.update(plan, [role])
        assert cloud.object_store.containers["my_cloud"] == before

    def test_a_template_that_does_not_render_changes_nothing(
        self, cloud, plan
    ):
        files = cloud.object_store.containers["my_cloud"]
        files["overcloud.j2.yaml"] = (b"a: {{ roles[1].name.x.y }}", "")
        before = dict(files)
        with pytest.raises(errors.InvalidFile, match=r"overcloud\.j2\.yaml"):
            role_changes.update(plan, [CEPH])
        assert files == before

    def test_without_networks_those_of_roles_do_not_matter(self, cloud, plan):
        """As in tripleo-heat-templates 18, where there is no isolation."""
        files = cloud.object_store.containers["my_cloud"]
        files["network_data.yaml"] = (b"[]", "")
        role_changes.update(plan, [{**CEPH, "networks": ["Storage"]}])
        assert b"Ceph" in files["roles_data.yaml"][0]

    def test_nobody_else_changes_the_plan_meanwhile(self, cloud, plan):
        lease = Plan(cloud, "my_cloud")
        seen = []

        def listing(*args, **more):
            seen.extend(cloud.workflow.environments.list(name="has:lease."))
            return stock(*args, **more)

        stock = cloud.object_store.get_container
        cloud.object_store.get_container = listing
        role_changes.update(lease, [CEPH])
        assert seen


class TestSelect:
    def test_the_plan_has_the_roles_that_are_named(self, plan, stored):
        roles = role_changes.select(plan, ["Compute", "Controller"])
        assert roles == [COMPUTE, CONTROLLER]
        assert yaml.safe_load(stored("roles_data.yaml")) == roles

    def test_the_others_stay_on_request(self, plan):
        roles = role_changes.select(plan, ["Compute"], replace_all=False)
        assert roles == [CONTROLLER, COMPUTE]

    def test_a_plan_without_the_file_gets_one(self, cloud, plan, stored):
        del cloud.object_store.containers["my_cloud"]["roles_data.yaml"]
        role_changes.select(plan, ["Controller"])
        assert "Controller" in stored("roles_data.yaml")

    def test_an_unknown_name_changes_nothing(self, plan, stored):
        with pytest.raises(errors.InvalidInput, match="There are no roles X"):
            role_changes.select(plan, ["Controller", "X"])
        assert stored("roles_data.yaml") == FILES["roles_data.yaml"]
