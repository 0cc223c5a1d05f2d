from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tripleo_common import errors
from tripleo_common.plans import rendering, templates
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files

CASES = sorted(Path(__file__).with_name("render_cases").glob("*.yaml"))


def render(cloud, files):
    cloud.object_store.add("my_cloud", files)
    container = Container(cloud, "my_cloud")
    return templates.render(Files(container, container.files()))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_rendering(cloud, path):
    case = yaml.safe_load(path.read_text())
    assert render(cloud, case["files"]) == case["rendered"]


def test_no_request_is_made_for_a_file_that_is_not_needed(cloud):
    render(
        cloud,
        {
            "roles_data.yaml": "- name: A",
            "a.j2.yaml": "x",
            "README.rst": "",
            "environments/a.yaml": "",
        },
    )
    assert cloud.object_store.requests["GET object"] == 2


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("a\nb {% if %}", r"a\.j2\.yaml, line 2: Expected an expression"),
        ("a\n\n{{ x.y }}", r"a\.j2\.yaml, line 3: 'x' is undefined"),
        ("{% include 'b.j2' %}", r"a\.j2\.yaml: includes b\.j2, which the"),
        ("\n{{ 1 / 0 }}", r"a\.j2\.yaml, line 2: division by zero \(for a\."),
        ("{{ roles.__class__.__mro__ }}", r"line 1: access to attribute"),
        ("{{ range(10**9)|join }}", r"line 1: Range too big"),
    ],
)
def test_a_wrong_template_is_told_with_file_line_and_cause(
    cloud, template, complaint
):
    with pytest.raises(errors.InvalidFile, match=complaint):
        render(cloud, {"roles_data.yaml": "- name: A", "a.j2.yaml": template})


def test_a_wrong_include_is_told(cloud):
    with pytest.raises(errors.InvalidFile, match="Encountered unknown tag"):
        render(
            cloud,
            {
                "roles_data.yaml": "- name: A",
                "a.j2.yaml": "{% include 'b.j2' %}",
                "b.j2": "{% nonsense %}",
            },
        )


def test_what_another_process_cannot_be_told_is_told(cloud):
    roles = "- {name: A, x: !!binary aGVq}"
    with pytest.raises(errors.InvalidFile, match="what JSON cannot"):
        render(cloud, {"roles_data.yaml": roles, "a.j2.yaml": ""})


def test_an_include_that_is_no_text_is_told(cloud):
    cloud.object_store.add(
        "my_cloud",
        {
            "roles_data.yaml": "- name: A",
            "a.j2.yaml": "{% include 'b.j2' %}",
        },
    )
    files = cloud.object_store.containers["my_cloud"]
    files["b.j2"] = (b"\xff", "")
    container = Container(cloud, "my_cloud")
    with pytest.raises(errors.InvalidFile, match=r"b\.j2: not UTF-8"):
        templates.render(Files(container, container.files()))


def test_wrong_excludes_are_told(cloud):
    with pytest.raises(errors.InvalidFile, match="'name' is not a list"):
        render(cloud, {"roles_data.yaml": "[]", "j2_excludes.yaml": "name: a"})


class TestRemembering:
    FILES = {
        "roles_data.yaml": "- name: Controller\n",
        "dir/a.j2.yaml": "{% for r in roles %}{{r.name}}{% endfor %}"
        "{% include 'part' %}",
        "b.j2.yaml": "plain",
        "part": "one",
    }

    @pytest.fixture
    def plan(self, cloud):
        cloud.object_store.add("my_cloud", self.FILES)
        return Container(cloud, "my_cloud")

    @pytest.fixture
    def compiled(self, monkeypatch):
        """The templates that were compiled, as texts."""
        texts = []
        stock = rendering.Rendering.render

        def render(process, source, text, outputs):
            texts.append(text)
            return stock(process, source, text, outputs)

        monkeypatch.setattr(rendering.Rendering, "render", render)
        return texts

    def change(self, cloud, path, text):
        """Change a file after a first rendering, and render again."""
        plan = Container(cloud, "my_cloud")
        templates.render(Files(plan, plan.files()))
        store = cloud.object_store.containers["my_cloud"]
        store[path] = (text.encode(), "text/plain")
        return templates.render(Files(plan, plan.files()))

    def test_nothing_is_compiled_a_second_time(self, plan, compiled):
        first = templates.render(Files(plan, plan.files()))
        assert len(compiled) == 2
        assert templates.render(Files(plan, plan.files())) == first
        assert len(compiled) == 2
        assert first == {"dir/a.yaml": "Controllerone", "b.yaml": "plain"}

    @pytest.mark.parametrize(
        ("path", "text", "rendered"),
        [
            ("roles_data.yaml", "- name: New\n", "Newone"),
            ("dir/a.j2.yaml", "changed", "changed"),
            ("part", "two", "Controllertwo"),
            ("dir/part", "nearer", "Controllernearer"),
        ],
    )
    def test_what_changes_is_rendered_again(
        self, cloud, plan, path, text, rendered
    ):
        assert self.change(cloud, path, text)["dir/a.yaml"] == rendered

    def test_only_what_changed_is_compiled(self, cloud, plan, compiled):
        self.change(cloud, "part", "two")
        assert compiled.count("plain") == 1

    def test_an_exclusion_changes_what_is_rendered(self, cloud, plan):
        store = cloud.object_store.containers["my_cloud"]
        store["x.role.j2.yaml"] = (b"{{role.name}}", "text/plain")
        excluded = "name: [controller-x.yaml]"
        assert "controller-x.yaml" not in self.change(
            cloud, "j2_excludes.yaml", excluded
        )

    def test_other_code_recalls_nothing(self, plan, compiled, monkeypatch):
        templates.render(Files(plan, plan.files()))
        monkeypatch.setattr(templates, "_code", lambda: "newer")
        templates.render(Files(plan, plan.files()))
        assert len(compiled) == 4
