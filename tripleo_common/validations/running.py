"""Run a validation, and keep what became of it."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Mapping
from typing import IO, Any

from tripleo_common import clients, conf, errors, masking
from tripleo_common.plans import names, operation
from tripleo_common.validations import (
    catalog,
    inventory,
    playbook,
    playbooks,
    results,
    slots,
    ssh_keys,
)
from tripleo_common.validations.playbook import Outcome
from tripleo_common.validations.playbooks import Playbook
from tripleo_common.validations.results import Record
from tripleo_common.validations.stopping import Watch

#: Characters of an output that a result shows, from its begin and its end.
_BEGIN = 1000
_END = 3000
#: Hosts whose failures a message tells, and characters of each.
_HOSTS = 5
_LONGEST_TEXT = 500
#: Hosts whose failures the index keeps.
_KEPT = 20


def run(
    cloud: clients.Cloud,
    plan: str,
    validation: str,
    inputs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Run a validation to its end.

    :param inputs: variables of its playbook.
    :returns: its result, as :func:`.results.listed` has it, with ``stdout``
        and ``stderr``: begin and end of what Ansible said, and why it has no
        good end.
    :raises ValidationNotFound: there is none of that id.
    :raises InvalidInput: its playbook cannot be used.
    """
    names.check(plan)
    found = catalog.get(cloud, plan, validation)
    _check_allowed(found)
    key = ssh_keys.get(cloud)[ssh_keys.PRIVATE]
    given = dict(inputs or {})
    secrets = {key, *masking.values(given), *_plans_secrets(cloud, plan)}
    masked = functools.partial(masking.masked, known=secrets)
    record = Record(cloud, plan, validation, _root(cloud))
    try:
        with tempfile.TemporaryFile() as output:
            job = _job(cloud, plan, found, given, key)
            outcome, reason = _run(cloud, record, job, output, masked)
            begin, end = _shown(output)
            stored = _store(cloud, record, output)
    except Exception as error:
        text = f"Validation {validation} could not be run: {error}"
        record.end(status=results.FAILED, message=text)
        raise
    status = _status(outcome)
    message = _message(record, status, outcome, reason, end)
    record.end(
        status=status,
        message=masked(message),
        hosts=outcome.hosts,
        failures=masked(_first(outcome.failures)),
        output=stored,
    )
    results.prune(cloud, plan)
    told = {k: v for k, v in record.variables.items() if k != "process"}
    passed = status in (results.SUCCESS, results.SKIPPED)
    stderr = "" if passed else told["message"]
    return {**told, "stdout": begin + end, "stderr": stderr}


def _check_allowed(found: Playbook) -> None:
    options = conf.options()
    if (
        found.is_uploaded
        and not options.validations_user
        and not options.run_uploaded_validations
    ):
        raise errors.InvalidInput(
            f"The validation {found.id} was not run: it comes from Swift, so "
            "whoever may write there could run anything as the user of "
            "Mistral's executor. Set [tripleo_common] validations_user in "
            "Mistral's configuration to a user of its own for validations, "
            "or run_uploaded_validations to true."
        )


def _root(cloud: clients.Cloud) -> str:
    """The execution of the workflow that started it all."""
    own = operation.current().execution
    if not own:
        return ""
    try:
        found = cloud.workflow.executions.get(own)
    except errors.ResourceNotFound:
        return ""
    return str(getattr(found, "root_execution_id", None) or "")


def _plans_secrets(cloud: clients.Cloud, plan: str) -> set[str]:
    try:
        variables = cloud.workflow.environments.get(plan).variables
    except errors.ResourceNotFound:
        return set()
    return masking.values(variables)


def _job(
    cloud: clients.Cloud,
    plan: str,
    found: Playbook,
    inputs: dict[str, Any],
    key: str,
) -> dict[str, Any]:
    options = conf.options()
    return {
        "files": playbooks.companions(found),
        "playbook": found.path.removeprefix(found.prefix),
        "inventory": inventory.make(cloud, plan),
        "inputs": inputs,
        "private_key": key,
        "environment": {
            **playbooks.search_path(),
            # Servers are new to us each time they are deployed.
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            # Playbooks of before 2025 have conditions that are texts.
            "ANSIBLE_ALLOW_BROKEN_CONDITIONALS": "True",
        },
        "timeout": options.validations_timeout,
        "grace": options.validations_grace,
    }


def _run(
    cloud: clients.Cloud,
    record: Record,
    job: dict[str, Any],
    output: IO[bytes],
    masked: functools.partial[Any],
) -> tuple[Outcome, str]:
    """Run the playbook once it is its turn; also, why it was stopped."""
    watch = Watch(cloud, record)
    if not watch.may_go_on():
        return Outcome("stopped"), watch.reason
    with slots.held(watch.may_go_on) as slot:
        if slot is None:
            return Outcome("stopped"), watch.reason
        record.update(status=results.RUNNING, message="It runs.")
        outcome = playbook.run(job, output, watch.may_go_on, slot, masked)
    return outcome, watch.reason


def _store(
    cloud: clients.Cloud, record: Record, output: IO[bytes]
) -> dict[str, Any]:
    """Where Swift has the output, or why it has not."""
    container = results.container(record.variables["plan"])
    name = f"{record.id}/output.txt"
    size = output.seek(0, 2)
    output.seek(0)
    told = {"container": container, "object": name, "bytes": size}
    try:
        cloud.object_store.put_container(container, headers={})
        cloud.object_store.put_object(
            container,
            name,
            contents=output,
            content_type="text/plain; charset=UTF-8",
            headers={"X-Delete-After": str(results.seconds_kept())},
        )
    except errors.ServiceError as error:
        return {**told, "object": None, "error": str(error)}
    return {**told, "error": None}


def _shown(output: IO[bytes]) -> tuple[str, str]:
    """The begin and the end of an output."""
    size = output.seek(0, 2)
    output.seek(0)
    if size <= _BEGIN + _END:
        return "", output.read().decode(errors="replace")
    begin = output.read(_BEGIN).decode(errors="replace")
    output.seek(-_END, 2)
    end = output.read().decode(errors="replace")
    left_out = size - _BEGIN - _END
    return f"{begin}\n[... {left_out} bytes left out ...]\n", end


def _status(outcome: Outcome) -> str:
    if outcome.status == "stopped":
        return results.STOPPED
    if outcome.status != "successful":
        return results.FAILED
    return results.SUCCESS if outcome.hosts else results.SKIPPED


def _message(
    record: Record, status: str, outcome: Outcome, reason: str, end: str
) -> str:
    plan = record.variables["plan"]
    named = f"Validation {record.variables['validation']}"
    if status == results.SUCCESS:
        return f"{named} passed; hosts: {len(outcome.hosts)}."
    if status == results.SKIPPED:
        return f"{named} checked nothing: plan {plan} has no host for it."
    if status == results.STOPPED:
        return f"{named} was stopped {reason}."
    if outcome.status == "late":
        return (
            f"{named} was ended, as it ran for longer than the "
            f"{conf.options().validations_timeout:g} seconds of "
            "[tripleo_common] validations_timeout in Mistral's configuration."
        )
    if outcome.status == "error":
        return f"{named} could not be run: {_cut(outcome.text)}"
    return f"{named} failed {_why(outcome, end)}"


def _why(outcome: Outcome, end: str) -> str:
    """Which hosts failed, and what they said."""
    bad = [host for host, what in outcome.hosts.items() if what != "ok"]
    if not bad:
        return f"before any host was asked: {_cut(end[-_LONGEST_TEXT:])}"
    told = []
    for host in bad[:_HOSTS]:
        failure = outcome.failures.get(host, {})
        text = _cut(failure.get("text", "")) or outcome.hosts[host]
        task = failure.get("task")
        told.append(f"{host} ({task}): {text}" if task else f"{host}: {text}")
    more = f"; and {len(bad) - _HOSTS} more" if len(bad) > _HOSTS else ""
    return f"on {len(bad)} of {len(outcome.hosts)} hosts: " + (
        "; ".join(told) + more
    )


def _first(failures: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    """As many failures as the index keeps."""
    return {
        host: {name: text[:_LONGEST_TEXT] for name, text in told.items()}
        for host, told in list(failures.items())[:_KEPT]
    }


def _cut(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TEXT]
