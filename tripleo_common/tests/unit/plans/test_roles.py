from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import roles


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
