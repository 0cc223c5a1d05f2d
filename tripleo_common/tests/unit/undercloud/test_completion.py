from __future__ import annotations

import shutil
import subprocess

import pytest

from tripleo_common.undercloud import cli, completion

#: What bash does when the user presses the tab key.
PRESS_TAB = """
source /dev/stdin
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
_tripleo_undercloud
printf '%s\\n' "${COMPREPLY[@]}"
"""


def complete(*words: str) -> list[str]:
    """Return what bash offers after these words."""
    done = subprocess.run(
        ["bash", "-c", PRESS_TAB, "bash", "tripleo-undercloud", *words],
        input=completion.render(cli.make_parser(), "bash"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["re"], ["restart", "reset"]),
        (["logs", "m"], ["mistral"]),
        (["restart", "heat", "ke"], ["keystone"]),
        (["status", "--w"], ["--watch"]),
        (["reset", "--"], ["--help", "--state-dir", "--yes", "--quiet"]),
        (["prepare", "--services", ""], ["small", "all"]),
        (["prepare", "overcloud", "--services", "a"], ["all"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["status", "--state-dir", "/us"], ["/usr"]),
        (["exec", "--", "bas"], ["bash"]),
        (["logs", "-n", ""], []),
        (["nonsense", ""], []),
    ],
)
def test_bash_offers_what_can_stand_there(
    words: list[str], offered: list[str]
) -> None:
    found = complete(*words)
    if words[0] == "exec":
        assert set(offered) <= set(found)
    else:
        assert found == offered


def test_every_command_and_option_is_offered() -> None:
    commands = completion.commands(cli.make_parser())
    for shell in completion.SHELLS:
        text = completion.render(cli.make_parser(), shell)
        for command in commands:
            assert command.name in text
            for name in command.spellings:
                bare = name.lstrip("-") if shell == "fish" else name
                assert bare in text


@pytest.mark.parametrize(
    "shell", [s for s in completion.SHELLS if shutil.which(s)]
)
def test_shells_read_it(shell: str) -> None:
    done = subprocess.run(
        [shell, "-n"],
        input=completion.render(cli.make_parser(), shell),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", "bash"]) == 0
    assert "complete -F _tripleo_undercloud" in capsys.readouterr().out
