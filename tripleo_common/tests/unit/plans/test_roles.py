from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import roles
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files


def test_roles_keep_their_order_and_data():
    text = "- name: Controller\n  tags: [primary]\n- name: Compute\n"
    assert roles.parse(text, "roles_data.yaml") == [
        {"name": "Controller", "tags": ["primary"]},
        {"name": "Compute"},
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: Controller", "a list is wanted"),
        ("- Controller", "role 1 has no name"),
        ("- name: A\n- tags: []", "role 2 has no name"),
        ("- name: 7", "role 1 has no name"),
        ("- name: A\n- name: A", "there are two roles A"),
    ],
)
def test_wrong_roles_are_told(text, complaint):
    with pytest.raises(errors.InvalidFile, match=complaint):
        roles.parse(text, "roles_data.yaml")


@pytest.mark.parametrize(
    ("role", "tags"),
    [
        ({"name": "Controller"}, []),
        ({"name": "Controller", "tags": None}, []),
        ({"name": "ComputeHCI", "tags": ["own"]}, ["own", "compute"]),
        ({"name": "Compute", "tags": ["compute"]}, ["compute"]),
        ({"name": "ComputeOvsDpdkRT"}, ["compute", "ovsdpdk"]),
        ({"name": "CephAll"}, ["ceph", "storage"]),
        ({"name": "BlockStorage"}, ["storage"]),
        ({"name": "HciCephFile"}, ["compute"]),
    ],
)
def test_names_tell_tags(role, tags):
    before = dict(role)
    assert roles.tagged(role)["tags"] == tags
    assert role == before


def test_what_is_no_template_of_a_role_is_not_available(cloud):
    cloud.object_store.add(
        "my_cloud",
        {
            "roles/B.yaml": "- name: B",
            "roles/A.yaml": "- name: A\n- name: C",
            "roles/x.j2.yaml": "- 7",
            "roles/deeper/D.yaml": "- 7",
            "roles/README.rst": "",
        },
    )
    container = Container(cloud, "my_cloud")
    offered = roles.available(Files(container, container.files()))
    assert [role["name"] for role in offered] == ["A", "C", "B"]
