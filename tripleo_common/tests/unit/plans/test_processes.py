from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tripleo_common.plans import processes


def test_this_process_is_not_gone():
    assert not processes.is_gone(processes.own())


def test_one_that_ended_is_gone():
    told = subprocess.check_output(
        [
            sys.executable,
            "-c",
            "from tripleo_common.plans import processes;"
            "print(processes.own())",
        ],
        text=True,
    )
    assert processes.is_gone(told.strip())


def test_one_that_nobody_waited_for_is_gone():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    where = processes.own().split(" ")[0]
    try:
        assert processes.is_gone(f"{where} {child} 1")
    finally:
        os.waitpid(child, 0)


def test_another_process_of_the_same_number_is_not_it():
    where, pid, start = processes.own().rsplit(" ", 2)
    assert processes.is_gone(f"{where} {pid} {int(start) + 1}")


@pytest.mark.parametrize(
    "process",
    [
        "",
        "elsewhere:pid:[1] 1 1",
        "no number at all",
        "{here} x 1",
        "{here} 99999999",
    ],
)
def test_of_others_nothing_is_known(process):
    here = processes.own().split(" ")[0]
    assert not processes.is_gone(process.format(here=here))
