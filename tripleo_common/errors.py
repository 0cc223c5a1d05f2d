"""What can go wrong, said so that an operator can act on it.

Every error of this library is a :class:`TripleOError` whose text says what
failed, where, why, and what to do next. The text is all that a caller of an
action sees, so it never carries a class name, a traceback or a secret.
"""

from __future__ import annotations


class TripleOError(Exception):
    """The root of every error of this library."""


class InvalidInput(TripleOError):
    """The caller asked for something that cannot be."""


class NotFound(TripleOError):
    """Something that the caller named does not exist."""


class Conflict(TripleOError):
    """The request does not fit the present state."""


class PasswordsLost(Conflict):
    """A cloud stands whose passwords are in no plan any more.

    :param plan: the plan's name.
    :param names: of the passwords.
    """

    def __init__(self, plan: str, names: list[str]) -> None:
        told = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        super().__init__(
            f"The stack of plan {plan} stands, but the plan has lost "
            f"{len(names)} of the passwords that it was deployed with "
            f"({told}), and Heat does not tell them. Nothing was changed: "
            "with other passwords the cloud's services could not be reached "
            "any more. Put them back, as passwords in plan-environment.yaml "
            "(an export with passwords has them) or as parameters."
        )


class InvalidPlanName(InvalidInput):
    """A plan's name is not one that Heat takes as a stack's name."""

    def __init__(self, name: object) -> None:
        super().__init__(
            f"{name!r:.220} cannot be a plan's name: a name is 1 to 200 "
            "characters, begins with a letter (a-z, A-Z) and goes on with "
            "letters, digits, '_', '.' or '-'; lease.<name>.<number> is kept "
            "for leases. Choose another name."
        )


class InvalidFile(InvalidInput):
    """A file of a plan cannot be used.

    :param path: the file's path in the plan.
    :param cause: what is wrong, as one sentence without its full stop.
    :param line: the line it stands in, from 1, where known.
    """

    def __init__(self, path: str, cause: str, line: int | None = None) -> None:
        self.path = path
        self.cause = cause
        self.line = line
        where = path if line is None else f"{path}, line {line}"
        super().__init__(
            f"{where}: {cause}. Correct the file in the plan's container and "
            "try again."
        )


class InvalidArchive(InvalidInput):
    """An archive of a plan cannot be used.

    :param where: its container and name.
    :param cause: what is wrong, as one sentence without its full stop.
    """

    def __init__(self, where: str, cause: str) -> None:
        super().__init__(
            f"The archive {where} cannot be imported: {cause}. Nothing of "
            "it was. Make it with "
            "tripleo.plan_management.v1.export_deployment_plan, or with tar "
            "and gzip from the plan's files alone."
        )


class FileMissing(InvalidInput):
    """A plan lacks a file that it needs."""

    def __init__(self, plan: str, path: str, needed_by: str) -> None:
        super().__init__(
            f"Plan {plan} has no file {path}, which {needed_by} needs. "
            "Upload it to the plan's container and try again."
        )


class InvalidParameters(InvalidInput):
    """Parameters are not what a plan's templates take.

    :param wrong: what is wrong with a value, a sentence each.
    :param unknown: names that no template takes.
    """

    def __init__(
        self, plan: str, wrong: list[str], unknown: list[str]
    ) -> None:
        told = f"{'; '.join(wrong)}. " if wrong else ""
        if unknown:
            told += f"Its templates take no parameter {', '.join(unknown)}. "
        super().__init__(
            f"The parameters of plan {plan} were not changed. {told}Correct "
            "this and try again; tripleo.parameters.get tells what the "
            "templates take."
        )


class InvalidNodes(InvalidInput):
    """A list of nodes cannot be registered as it is.

    :param problems: each with the node's place and the field.
    """

    _SHOWN = 25

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        told = "; ".join(problems[: self._SHOWN])
        more = len(problems) - self._SHOWN
        if more > 0:
            told += f"; and {more} more"
        super().__init__(
            "The nodes cannot be registered, and nothing was changed. "
            f"{told}. Correct this and try again."
        )


class ValidationNotFound(NotFound):
    """There are no such validations, or no such runs of one.

    :param what: is not there, the beginning of a sentence.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}. List the validations with "
            "tripleo.validations.list_validations, and their runs with "
            "tripleo.validations.list_results."
        )


class ValidationFailed(TripleOError):
    """A validation says that something is not as it should be.

    :param told: which one, and what became of it.
    """

    def __init__(self, told: str) -> None:
        super().__init__(told)


class PlanNotFound(NotFound):
    """There is no such plan."""

    def __init__(self, plan: str) -> None:
        super().__init__(
            f"There is no plan {plan}: neither a container nor a Mistral "
            "environment has that name. List the plans with "
            "tripleo.plan.list, or create it with "
            "tripleo.plan_management.v1.create_default_deployment_plan."
        )


class PlanIncomplete(Conflict):
    """Only one half of a plan exists."""

    def __init__(self, plan: str, missing: str) -> None:
        complete = {
            "container": "tripleo.plan.create_container and an upload",
            "environment": (
                "tripleo.plan_management.v1.create_deployment_plan"
            ),
        }[missing]
        other = {"container": "environment", "environment": "container"}
        super().__init__(
            f"Plan {plan} is incomplete: its {other[missing]} exists, its "
            f"{missing} does not. Complete it with {complete}, or remove "
            "what is there with tripleo.plan.delete."
        )


class PlanExists(Conflict):
    """A plan, or a half of one, is in the way of a new one."""

    def __init__(self, plan: str, existing: str) -> None:
        super().__init__(
            f"Plan {plan} cannot be created: a {existing} named {plan} "
            "already exists. Choose another name, or remove it with "
            "tripleo.plan.delete first."
        )


class PlanBeingCreated(Conflict):
    """Somebody else creates the same plan."""

    def __init__(self, plan: str, execution: str) -> None:
        super().__init__(
            f"Plan {plan} is being created by the workflow execution "
            f"{execution}. Wait until that has ended (openstack workflow "
            f"execution show {execution}), then create the plan again. If it "
            "does not go on, as Mistral was killed, end it (openstack "
            f"workflow execution update --state CANCELLED {execution})."
        )


class NotAPlan(Conflict):
    """A container or an environment has a plan's name but is none."""

    _WHY = {
        "container": "it does not carry the header "
        "X-Container-Meta-Usage-Tripleo: plan",
        "Mistral environment": "it has no variable template",
    }

    def __init__(self, name: str, kind: str = "container") -> None:
        super().__init__(
            f"The {kind} {name} is not a plan ({self._WHY[kind]}), so it is "
            "left alone. Choose another name."
        )


class VersionNotFound(NotFound):
    """The history of a plan has no such version.

    :param known: the numbers of those that it has, sorted.
    """

    def __init__(self, plan: str, version: int, known: list[int]) -> None:
        if known:
            told = f"It has {_ranges(known)}"
        else:
            told = "It begins with the plan's next change"
        super().__init__(
            f"The history of plan {plan} has no version {version}. {told}; "
            "tripleo.plan.history tells what each of them changed."
        )


class VersionIncomplete(Conflict):
    """Files of a version of a plan are not kept any more, or never were.

    :param paths: which; empty: all of them.
    """

    _SHOWN = 10

    def __init__(
        self, plan: str, version: int, paths: list[str] | None = None
    ) -> None:
        which = ", ".join((paths or [])[: self._SHOWN]) or "its list of files"
        more = len(paths or []) - self._SHOWN
        if more > 0:
            which += f" and {more} more"
        super().__init__(
            f"Plan {plan} cannot go back to version {version}: the history "
            f"does not have all of that version's files. It lacks {which}. "
            "Nothing was changed. Choose another version "
            "(tripleo.plan.history), or upload the files and update the plan."
        )


class HistoryDamaged(Conflict):
    """An object of a plan's history is not as it was written.

    :param where: its container and name.
    """

    def __init__(self, plan: str, where: str) -> None:
        container = where.partition("/")[0]
        super().__init__(
            f"The history of plan {plan} cannot be read: {where} was changed, "
            "or written for another plan of that name. The plan itself is "
            "not affected. To have its history begin anew, delete the "
            f"container {container} (openstack container delete --recursive "
            f"{container})."
        )


class PlanBusy(Conflict):
    """Somebody else changes a plan.

    :param holder: what is being done, with its execution.
    :param since: when that began.
    :param seconds: how long ago that is.
    :param free_from: when the plan is free if the holder is dead.
    :param execution: the execution's id; empty: unknown.
    """

    def __init__(
        self,
        plan: str,
        holder: str,
        since: str,
        seconds: float,
        free_from: str,
        execution: str = "",
    ) -> None:
        watch = "Wait until that is done"
        if execution:
            watch += f" (openstack workflow execution show {execution})"
        super().__init__(
            f"Plan {plan} is being changed by {holder}, since {since} "
            f"({max(seconds, 0):.0f} seconds ago). "
            f"{watch} and try again. Should its process have been killed, "
            f"the plan is free from {free_from} on."
        )


class LeaseLost(Conflict):
    """A change of a plan took so long that others may change it."""

    def __init__(self, plan: str, lifetime: float) -> None:
        super().__init__(
            f"The change of plan {plan} was given up: it stood still for "
            f"longer than the {lifetime:g} seconds of its lease, so that "
            "others may change the plan by now. What was written until then "
            "stays. See what the plan is like and try again; where this "
            "comes back, raise [tripleo_common] lease_seconds in Mistral's "
            "configuration."
        )


class StateConflict(Conflict):
    """A plan's state was changed on both sides of its mirror.

    :param path: the mirror's path in the plan.
    :param keys: what both sides changed.
    """

    def __init__(self, plan: str, path: str, keys: list[str]) -> None:
        super().__init__(
            f"The file {path} in the container {plan} and the Mistral "
            f"environment {plan} were both changed since they last agreed, "
            f"and differ in {', '.join(keys)}. Make them agree there: edit "
            f"the file and upload it again (openstack object create {plan} "
            f"{path}), or, to keep all that the environment says, delete it "
            f"(openstack object delete {plan} {path}): it is written anew. "
            "Then try again."
        )


class StackInUse(Conflict):
    """A plan cannot go while its stack stands."""

    def __init__(self, plan: str, status: str) -> None:
        super().__init__(
            f"Plan {plan} cannot be deleted: its stack {plan} still exists "
            f"({status}). Delete the stack first (openstack stack delete "
            f"{plan}) and wait until it is gone."
        )


class StackBusy(Conflict):
    """A stack is being changed already."""

    def __init__(self, stack: str, status: str) -> None:
        super().__init__(
            f"The stack {stack} is busy ({status}). Wait until Heat is done "
            f"with it (openstack stack event list --follow {stack}) and try "
            "again."
        )


class WaitedTooLong(Conflict):
    """What was waited for did not come in time.

    :param waited_for: what, and until when.
    :param seconds: how long.
    :param state: what it is like, a sentence.
    """

    def __init__(self, waited_for: str, seconds: int, state: str) -> None:
        super().__init__(
            f"The {waited_for} was waited for in vain, for {seconds} "
            f"seconds. {state} Heat goes on with what it does: look at it "
            "(openstack stack show), and wait again if that is right."
        )


class PlanRefused(InvalidInput):
    """Heat finds fault with what a plan would deploy.

    :param cause: what, and where, without a full stop.
    :param advice: what to do next, a sentence.
    :param words: Heat's own.
    """

    def __init__(self, plan: str, cause: str, advice: str, words: str) -> None:
        super().__init__(
            f"Heat refuses plan {plan}, and nothing was changed: {cause}. "
            f"{advice} Heat's own words: HTTP 400: {words.rstrip('. ')}."
        )


class TokenMissing(Conflict):
    """A request came without a token, so no service would answer it."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing can be done without a token, and Mistral gives none. It "
            "goes on like this with a workflow of which it lost an action, "
            "as an executor died. See how far the workflow came (openstack "
            "workflow execution report show), and start it again."
        )


class TokenEndsSoon(Conflict):
    """A caller's token would end in the middle of what it asks for.

    :param end: when, as people read it.
    :param minutes: that are needed.
    """

    def __init__(self, end: str, minutes: float) -> None:
        super().__init__(
            f"The request's token ends at {end}, and this needs one for "
            f"about {minutes:g} minutes. Log in again and repeat the request; "
            "nothing was done."
        )


def _ranges(numbers: list[int]) -> str:
    """Sorted numbers as people write them: 1, 3 to 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}"
        for run in runs
    )


class ServiceError(TripleOError):
    """A service did not do what it was asked.

    :param service: the service's name, such as ``Heat``.
    :param asked: what it was asked.
    :param answer: what came back.
    :param advice: what to do next, a sentence.
    :param status: the HTTP status, where there was an answer.
    """

    def __init__(
        self,
        service: str,
        asked: str,
        answer: str,
        advice: str,
        status: int | None = None,
    ) -> None:
        self.service = service
        self.status = status
        self.answer = answer
        super().__init__(
            f"{service} could not do {asked}: {answer.rstrip('. ')}. {advice}"
        )


class ResourceNotFound(ServiceError, NotFound):
    """A service does not know what it was asked for (HTTP 404)."""


class ResourceConflict(ServiceError, Conflict):
    """A service refuses because of its present state (HTTP 409)."""


class ServiceUnreachable(ServiceError):
    """A service is missing from the catalog or does not answer."""
