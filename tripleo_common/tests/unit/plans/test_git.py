"""Repositories of Git, fetched with the real command."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tripleo_common import errors
from tripleo_common.plans import git, sources


def run(*arguments: str, top: Path) -> str:
    """Run git as somebody; what it prints."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    done = subprocess.run(
        ["git", *identity, "-C", str(top), *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path, options):
    """A repository with a branch and a tag, which may be fetched."""
    options("source_schemes", ["https", "file"])
    top = tmp_path / "repository"
    top.mkdir()
    run("init", "--quiet", "--initial-branch=main", top=top)
    (top / "nested").mkdir()
    (top / "nested" / "värde.yaml").write_text("first")
    (top / "binary").write_bytes(b"\0\xff")
    commit(top)
    run("tag", "v1", top=top)
    (top / "overcloud.yaml").write_text("main")
    commit(top)
    run("checkout", "--quiet", "-b", "topic/new", "v1", top=top)
    (top / "overcloud.yaml").write_text("topic")
    commit(top)
    run("checkout", "--quiet", "main", top=top)
    return top


def commit(top):
    run("add", "--all", top=top)
    run("commit", "--quiet", "--message=a", top=top)


def test_the_files_are_those_of_the_default_branch(repository):
    assert sources.repository(f"file://{repository}") == {
        "nested/värde.yaml": b"first",
        "binary": b"\0\xff",
        "overcloud.yaml": b"main",
    }


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("#topic/new", b"topic"),
        ("@topic/new", b"topic"),
        ("#v1", None),
        ("#main", b"main"),
    ],
)
def test_a_branch_or_a_tag_stands_behind_the_url(
    repository, reference, expected
):
    files = sources.repository(f"file://{repository}{reference}")
    assert files.get("overcloud.yaml") == expected


def test_nothing_of_it_is_left_on_disk(repository, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    sources.repository(f"file://{repository}")
    with pytest.raises(errors.ServiceError):
        sources.repository(f"file://{repository}#absent")
    assert list(scratch.iterdir()) == []


def test_nothing_of_it_is_run(repository, tmp_path, monkeypatch):
    """Neither its hooks, nor the user's hooks, filters and settings."""
    (repository / ".gitattributes").write_text("* filter=x\n")
    (repository / ".gitmodules").write_text(
        '[submodule "s"]\n path = s\n url = ext::false\n'
    )
    commit(repository)
    ran = tmp_path / "ran"
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    os.link(hook, template / "post-checkout")
    (tmp_path / ".gitconfig").write_text(
        f"[init]\n templateDir = {template.parent}\n"
        f"[core]\n hooksPath = {template}\n fsmonitor = {hook}\n"
        f'[filter "x"]\n smudge = {hook}\n required = true\n'
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(template.parent))
    files = sources.repository(f"file://{repository}")
    assert files["overcloud.yaml"] == b"main"
    assert not ran.exists()


def test_a_reference_that_is_not_there_is_told(repository):
    with pytest.raises(errors.ServiceError, match="fetch of absent from"):
        sources.repository(f"file://{repository}#absent")


def test_a_repository_that_is_not_there_is_told(tmp_path, repository):
    with pytest.raises(errors.ServiceError, match="does not appear to be"):
        sources.repository(f"file://{tmp_path}/absent")


def test_one_that_is_too_large_is_told(repository, options):
    options("source_size", 1)
    (repository / "large").write_bytes(os.urandom(2 * 1024 * 1024))
    commit(repository)
    with pytest.raises(errors.ServiceError, match="is larger than"):
        sources.repository(f"file://{repository}")


def test_one_that_takes_too_long_is_told(repository, tmp_path, monkeypatch):
    """Its command never ends by itself."""
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    source = git.Source(f"file://{repository}")
    with pytest.raises(errors.ServiceError, match="takes longer than"):
        git.fetch(source, str(tmp_path), timeout=0, size=2**30)


def test_without_git_it_is_told(repository, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(errors.ServiceError, match="Install the command git"):
        sources.repository(f"file://{repository}")


@pytest.mark.parametrize("target", ["/etc/passwd", "../..", "nested/../../x"])
def test_links_that_lead_out_of_it_are_refused(repository, target):
    (repository / "link.yaml").symlink_to(target)
    commit(repository)
    with pytest.raises(errors.InvalidInput, match=r"link\.yaml leads out"):
        sources.repository(f"file://{repository}")


def test_links_within_it_are_followed(repository):
    (repository / "link.yaml").symlink_to("nested/värde.yaml")
    commit(repository)
    files = sources.repository(f"file://{repository}")
    assert files["link.yaml"] == b"first"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.b/c", ("https://a.b/c", "HEAD")),
        ("https://a.b/c#d/e", ("https://a.b/c", "d/e")),
        ("https://a.b/c@d", ("https://a.b/c", "d")),
        ("https://me@a.b/c@d", ("https://me@a.b/c", "d")),
        ("https://me@a.b/c@d#e", ("https://me@a.b/c@d", "e")),
    ],
)
def test_urls_are_taken_apart(url, expected):
    source = git.parse(url, ["https"])
    assert (source.url, source.reference) == expected


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a.b/c", "allows: https"),
        ("ext::sh -c touch% /tmp/x", "allows: https"),
        ("git@a.b:c", "ssh://git@host/path"),
        ("/srv/git", "allows: https"),
        ("--upload-pack=touch /tmp/x", "allows: https"),
        ("file:///srv/git", "allows: https"),
        ("https://a.b", "allows: https"),
        ("https://[a.b/c", "is no URL"),
        ("https://a.b/c#--upload-pack=x", "cannot be a branch"),
        ("https://a.b/c#a b", "cannot be a branch"),
    ],
)
def test_urls_that_are_not_to_be_used(url, text):
    with pytest.raises(errors.InvalidInput, match=text):
        git.parse(url, ["https"])


def test_a_password_in_a_url_is_refused_and_not_told():
    with pytest.raises(errors.InvalidInput) as caught:
        git.parse("https://me:s3cret@a.b/c", ["https"])
    assert "must not hold a password" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_schemes_are_the_operators_choice():
    with pytest.raises(errors.InvalidInput, match="allows: none"):
        git.parse("https://a.b/c", [])
