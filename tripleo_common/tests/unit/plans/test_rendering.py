"""What hostile templates get."""

from __future__ import annotations

import dataclasses
import subprocess

import pytest

from tripleo_common import errors
from tripleo_common.plans.rendering import Limits, Rendering

SMALL = Limits(seconds=60, memory=512 << 20, file=1 << 20)
SHORT = dataclasses.replace(SMALL, seconds=1)


@pytest.fixture
def render():
    """Render a template; what it becomes."""
    started = []

    def render(text, limits=SMALL, find=lambda paths: None):
        process = Rendering([{"name": "A"}], [], find, limits)
        started.append(process)
        return process.render("a.j2.yaml", text, [("a.yaml", {})])["a.yaml"]

    yield render
    for process in started:
        process.close()


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}"
        "{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n - 1) ~ f(n - 1) if n }}{% endmacro %}"
        "{{ f(200) }}",
        "{{ 9 ** (9 ** 9) }}",
        "{% include 'itself' %}",
    ],
)
def test_a_template_without_end_is_ended(render, text):
    def find(paths):
        return "{% for a in range(99) %}{% include 'itself' %}{% endfor %}"

    with pytest.raises(errors.InvalidFile) as caught:
        render(text, SHORT, find)
    told = str(caught.value)
    assert told.startswith("a.j2.yaml")
    assert "1 seconds of a processor's time" in told or "recursion" in told


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'x' * 10 ** 9 }}",
        "{{ 'x'.ljust(10 ** 9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ 'x'|center(10 ** 9) }}",
        "{{ [1] * 10 ** 9 }}",
        "{% set ns = namespace(x='x') %}{% for a in range(40) %}"
        "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    ],
)
def test_a_template_that_takes_all_memory_is_told(render, text):
    with pytest.raises(errors.InvalidFile) as caught:
        render(text)
    assert "too much memory" in str(caught.value)


def test_a_file_that_grows_too_large_is_told(render):
    with pytest.raises(errors.InvalidFile, match="larger than 1048576 bytes"):
        render("{% for a in range(99999) %}{{ 'x' * 99 }}{% endfor %}")


def test_what_no_file_can_hold_is_told(render):
    with pytest.raises(errors.InvalidFile, match="surrogates not allowed"):
        render("{{ '\\ud800' }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__['os'].environ }}",
        "{{ (roles|attr('append')).__self__.__class__.__base__ }}",
        "{{ '{0.__class__.__mro__}'.format(roles) }}",
        "{{ roles|map(attribute='__class__')|map('string')|first }}",
        "{% include '/etc/passwd' %}",
        "{% include '../../../../etc/passwd' %}",
        "{% import 'os' as os %}{{ os.environ }}",
    ],
)
def test_a_template_does_not_see_the_host(render, text):
    try:
        rendered = render(text)
    except errors.InvalidFile as error:
        rendered = str(error)
    for sight in ("root:", "uid=", "PATH", "<class", "environ("):
        assert sight not in rendered


def test_the_process_has_no_environment_and_goes(render, monkeypatch):
    started = []
    stock = subprocess.Popen

    def popen(*arguments, **options):
        started.append((stock(*arguments, **options), options["env"]))
        return started[0][0]

    monkeypatch.setattr(subprocess, "Popen", popen)
    process = Rendering([], [], lambda paths: None)
    process.render("a.j2.yaml", "x", [("a.yaml", {})])
    process.close()
    ((ended, environment),) = started
    assert environment == {}
    assert ended.returncode is not None


def test_many_templates_share_a_process(render):
    process = Rendering([{"name": "A"}], [{"name": "B"}], lambda paths: None)
    told = [
        process.render("a.j2.yaml", text, [("a.yaml", about)])
        for text, about in (
            ("{{roles[0].name}}{{networks[0].name}}", {}),
            ("{{role}}{{networks[0].name}}", {"role": 0}),
            ("{{network.name}}", {"network": 0}),
        )
    ]
    process.close()
    assert [each["a.yaml"] for each in told] == ["AB", "AB", "B"]


def test_a_process_that_dies_is_told(render):
    def find(paths):
        process._process.terminate()
        process._process.wait()

    process = Rendering([], [], find)
    with pytest.raises(errors.InvalidFile, match="ended unexpectedly"):
        process.render("a.j2.yaml", "{% include 'b' %}", [("a.yaml", {})])
    process.close()
