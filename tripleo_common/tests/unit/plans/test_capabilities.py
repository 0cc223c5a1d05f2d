from __future__ import annotations

import pytest

from tripleo_common import errors
from tripleo_common.plans import capabilities
from tripleo_common.plans.store import Plan

MAP = """
topics:
- title: Base
  environment_groups:
  - title: null
    environments:
    - {file: base.yaml, title: Base}
- title: Options
  description: What else there is
  environment_groups:
  - title: Encryption
    name: encryption
    tags: [security]
    environments:
    - file: environments/tls.yaml
      title: TLS
      requires: [base.yaml]
    - file: environments/tls-more.yaml
      title: More TLS
      requires: [environments/tls.yaml, base.yaml]
  - title: Storage
    mutually_exclusive: true
    environments:
    - {file: environments/ceph.yaml, title: Ceph}
    - {file: environments/nfs.yaml, title: NFS}
    - {file: environments/swift.yaml, title: Swift}
- title: Alone
  environment_groups: []
"""
NAMES = ("tls", "tls-more", "ceph", "nfs", "swift", "zebra", "apple")
FILES = {
    "capabilities-map.yaml": MAP,
    "base.yaml": "",
    **{f"environments/{name}.yaml": "" for name in NAMES},
    "environments/rendered.j2.yaml": "",
    "environments/each.role.j2.yaml": "",
    "ci/environments/scenario.yaml": "",
    "user-environment.yaml": "",
    "environments/README.rst": "",
    "puppet/role.yaml": "",
}
OTHERS = [
    "ci/environments/scenario.yaml",
    "environments/apple.yaml",
    "environments/rendered.yaml",
    "environments/zebra.yaml",
    "user-environment.yaml",
]


@pytest.fixture
def plan(cloud):
    cloud.add_plan(
        "my_cloud",
        FILES,
        environments=[{"path": "base.yaml"}, {"data": {"parameters": {}}}],
        passwords={"AdminPassword": "s3cret"},
    )
    return Plan(cloud, "my_cloud")


@pytest.fixture
def change_map(cloud, plan):
    def change(text):
        files = cloud.object_store.containers["my_cloud"]
        if text is None:
            del files["capabilities-map.yaml"]
        else:
            files["capabilities-map.yaml"] = (text.encode(), "text/yaml")

    return change


def in_force(plan):
    return [
        each["path"] for each in plan.state().environments if "path" in each
    ]


def choose(plan, *names, **options):
    paths = [f"environments/{name}.yaml" for name in names]
    return capabilities.select(plan, paths, **options)


class TestGet:
    def test_topics_are_told_in_the_files_order(self, plan):
        told = capabilities.get(plan)
        assert list(told) == ["Base", "Options", "Alone", "Other"]
        options = told["Options"]
        assert options["description"] == "What else there is"
        first, second = options["environment_groups"]
        assert (first["name"], first["tags"]) == ("encryption", ["security"])
        assert second["mutually_exclusive"] is True
        assert [each["title"] for each in second["environments"]] == [
            *("Ceph", "NFS", "Swift")
        ]

    def test_each_environment_tells_whether_it_is_in_force(self, plan):
        choose(plan, "ceph", "apple")
        enabled = {
            each["file"]: each["enabled"]
            for topic in capabilities.get(plan).values()
            for group in topic["environment_groups"]
            for each in group["environments"]
        }
        assert set(enabled.values()) == {True, False}
        assert {path for path, value in enabled.items() if value} == {
            *("base.yaml", "environments/ceph.yaml", "environments/apple.yaml")
        }

    def test_what_the_map_does_not_know_is_the_last_topic(self, plan):
        other = capabilities.get(plan)["Other"]
        assert other["environment_groups"][1] == {
            "title": "environments/apple.yaml",
            "description": None,
            "environments": [
                {
                    "file": "environments/apple.yaml",
                    "title": "environments/apple.yaml",
                    "description": (
                        "Enable environments/apple.yaml environment"
                    ),
                    "enabled": False,
                }
            ],
        }
        titles = [group["title"] for group in other["environment_groups"]]
        assert titles == OTHERS

    def test_without_a_map_there_is_only_that_topic(self, plan, change_map):
        change_map(None)
        told = capabilities.get(plan)
        assert list(told) == ["Other"]
        assert len(told["Other"]["environment_groups"]) == 10

    def test_topics_with_the_same_title_are_all_told(self, plan, change_map):
        change_map("topics: [{title: A}, {}, {title: A}, {title: A}, {}]")
        assert list(capabilities.get(plan)) == [
            *("A", "Untitled", "A (2)", "A (3)", "Untitled (2)", "Other")
        ]

    def test_a_topic_of_that_name_is_completed(self, plan, change_map):
        change_map(
            "topics: [{title: Other, environment_groups: [{title: Own, "
            "environments: [{file: user-environment.yaml}]}]}, {title: B}]"
        )
        told = capabilities.get(plan)
        assert list(told) == ["Other", "B"]
        groups = told["Other"]["environment_groups"]
        assert [group["title"] for group in groups][:2] == [
            "Own",
            "ci/environments/scenario.yaml",
        ]

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("topics: [", "line 2: not valid YAML"),
            ("topics: 7", "topics of the map must be a list, not int"),
            ("topics: [a]", "topics of the map must be mappings"),
            (
                "topics: [{environment_groups: {}}]",
                "environment_groups of a topic must be a list, not dict",
            ),
            (
                "topics: [{environment_groups: [{environments: [{}]}]}]",
                r"an environment \(None\) has no file",
            ),
            (
                "topics: [{environment_groups: [{environments: "
                "[{file: a.yaml, requires: b.yaml}]}]}]",
                r"requires of a\.yaml must be a list, not str",
            ),
            (
                "topics: [{environment_groups: [{environments: "
                "[{file: a.yaml, requires: [7]}]}]}]",
                r"requires of a\.yaml must be paths",
            ),
            ("{1: {}, topics: !!binary aGVq}", "it holds what JSON cannot"),
        ],
    )
    def test_a_wrong_map_is_told(self, plan, change_map, text, complaint):
        change_map(text)
        with pytest.raises(errors.InvalidFile, match=complaint) as caught:
            capabilities.get(plan)
        assert str(caught.value).startswith("capabilities-map.yaml")


class TestSelect:
    def test_files_are_put_in_force_last_and_in_order(self, plan):
        result = capabilities.select(
            plan,
            {"environments/zebra.yaml": True, "user-environment.yaml": True},
        )
        assert plan.state().environments == [
            {"path": "base.yaml"},
            {"data": {"parameters": {}}},
            {"path": "environments/zebra.yaml"},
            {"path": "user-environment.yaml"},
        ]
        assert result["environments"] == plan.state().environments
        assert "passwords" not in result

    def test_a_list_names_those_to_be_put_in_force(self, plan):
        choose(plan, "zebra", "apple")
        assert in_force(plan) == [
            *(
                "base.yaml",
                "environments/zebra.yaml",
                "environments/apple.yaml",
            )
        ]

    def test_files_are_put_out_of_force(self, plan):
        capabilities.select(plan, {"base.yaml": False, "gone.yaml": False})
        assert plan.state().environments == [{"data": {"parameters": {}}}]

    def test_what_is_in_force_keeps_its_place(self, plan):
        choose(plan, "apple")
        capabilities.select(plan, {"base.yaml": True})
        assert in_force(plan) == ["base.yaml", "environments/apple.yaml"]

    def test_what_is_not_named_goes_on_request(self, plan):
        choose(plan, "apple")
        capabilities.select(
            plan,
            {"environments/zebra.yaml": True, "base.yaml": True},
            purge_missing=True,
        )
        assert plan.state().environments == [
            {"path": "base.yaml"},
            {"data": {"parameters": {}}},
            {"path": "environments/zebra.yaml"},
        ]

    def test_what_is_required_comes_first_on_request(self, plan):
        choose(plan, "tls-more", "apple", "tls")
        choose(plan, sort_environments=True)
        assert in_force(plan) == [
            "base.yaml",
            "environments/tls.yaml",
            "environments/tls-more.yaml",
            "environments/apple.yaml",
        ]

    def test_files_that_require_each_other_keep_their_order(
        self, plan, change_map
    ):
        change_map(
            "topics: [{environment_groups: [{environments: ["
            "{file: environments/apple.yaml, requires: [base.yaml]},"
            "{file: base.yaml, requires: [environments/apple.yaml]}]}]}]"
        )
        choose(plan, "apple", sort_environments=True)
        assert set(in_force(plan)) == {"base.yaml", "environments/apple.yaml"}

    def test_a_file_that_is_not_in_the_plan_is_refused(self, plan):
        chosen = {"environments/apple.yaml": True, "d.yaml": True}
        with pytest.raises(errors.FileMissing, match=r"no file d\.yaml"):
            capabilities.select(plan, chosen)
        assert in_force(plan) == ["base.yaml"]

    def test_a_file_that_will_be_rendered_is_taken(self, plan):
        choose(plan, "rendered")
        assert in_force(plan)[-1] == "environments/rendered.yaml"

    @pytest.mark.parametrize(
        "wrong", [None, "a.yaml", {"a.yaml": "yes"}, {"a.yaml": None}]
    )
    def test_other_inputs_are_refused(self, plan, wrong):
        with pytest.raises(errors.InvalidInput, match="true or false"):
            capabilities.select(plan, wrong)


class TestRules:
    def test_a_file_is_refused_without_what_it_requires(self, plan):
        with pytest.raises(errors.InvalidInput) as caught:
            choose(plan, "tls-more", "apple")
        assert (
            "environments/tls-more.yaml requires environments/tls.yaml, "
            "which would not be in force" in str(caught.value)
        )
        assert in_force(plan) == ["base.yaml"]

    def test_what_another_file_requires_stays(self, plan):
        choose(plan, "tls")
        with pytest.raises(
            errors.InvalidInput, match=r"tls\.yaml requires base\.yaml"
        ):
            capabilities.select(plan, {"base.yaml": False})
        assert "base.yaml" in in_force(plan)

    def test_both_are_taken_together(self, plan):
        choose(plan, "tls-more", "tls")
        capabilities.select(
            plan,
            {
                "environments/tls.yaml": False,
                "environments/tls-more.yaml": False,
            },
        )
        assert in_force(plan) == ["base.yaml"]

    def test_files_that_exclude_each_other_are_refused(self, plan):
        choose(plan, "ceph")
        with pytest.raises(errors.InvalidInput) as caught:
            choose(plan, "swift")
        assert (
            "environments/ceph.yaml and environments/swift.yaml exclude each "
            "other (Storage)" in str(caught.value)
        )

    def test_one_takes_the_place_of_the_other(self, plan):
        choose(plan, "ceph")
        capabilities.select(
            plan,
            {"environments/ceph.yaml": False, "environments/nfs.yaml": True},
        )
        assert in_force(plan) == ["base.yaml", "environments/nfs.yaml"]

    def test_what_breaks_a_rule_already_is_no_obstacle(self, cloud, plan):
        variables = cloud.workflow.environments.variables["my_cloud"]
        variables["environments"] = [
            {"path": f"environments/{name}.yaml"}
            for name in ("ceph", "nfs", "swift", "tls-more")
        ]
        choose(plan, "apple")
        capabilities.select(plan, {"environments/nfs.yaml": False})
        assert in_force(plan) == [
            f"environments/{name}.yaml"
            for name in ("ceph", "swift", "tls-more", "apple")
        ]

    def test_in_old_maps_a_group_is_a_choice(self, plan, change_map):
        """Of Newton and Ocata, which name the root template."""
        group = (
            "topics: [{environment_groups: [{environments: ["
            "{file: environments/apple.yaml}, {file: environments/zebra.yaml}"
            "]}]}]"
        )
        change_map(group)
        choose(plan, "apple", "zebra")
        capabilities.select(plan, {"environments/apple.yaml": False})
        change_map(f"root_template: overcloud.yaml\n{group}")
        with pytest.raises(errors.InvalidInput, match="exclude each other"):
            choose(plan, "apple")


class TestStoredMap:
    PARSED = {"topics": [{"title": "New"}]}

    def test_a_choice_refreshes_it(self, plan, change_map):
        change_map("topics: [{title: New}]")
        result = choose(plan, "apple")
        assert result["capabilities"] == self.PARSED
        assert plan.state().capabilities == self.PARSED

    def test_processing_refreshes_it(self, cloud, change_map):
        files = cloud.object_store.containers["my_cloud"]
        files["overcloud.yaml"] = (b"heat_template_version: rocky", "")
        for text, stored in (
            ("topics: [{title: New}]", self.PARSED),
            (None, None),
        ):
            change_map(text)
            Plan(cloud, "my_cloud").process()
            assert Plan(cloud, "my_cloud").state().capabilities == stored

    def test_a_map_that_does_not_parse_stores_nothing(self, cloud, change_map):
        files = cloud.object_store.containers["my_cloud"]
        files["overcloud.j2.yaml"] = (b"heat_template_version: rocky", "")
        files["roles_data.yaml"] = (b"- name: Controller", "")
        change_map("topics: [")
        with pytest.raises(errors.InvalidFile, match="capabilities-map"):
            Plan(cloud, "my_cloud").process()
        assert "overcloud.yaml" not in files
