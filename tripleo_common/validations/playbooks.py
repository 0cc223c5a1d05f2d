"""Where the playbooks of validations come from.

Those of the directories that are configured, the container
``tripleo-validations`` and the folder ``custom-validations`` of the plan's
container; of those with the same name the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tripleo_common import clients, conf, errors
from tripleo_common.plans import names
from tripleo_common.plans.container import Container
from tripleo_common.plans.files import Files

#: The container of validations that any plan can use.
CONTAINER = "tripleo-validations"
_CUSTOM = "custom-validations/"
_SUFFIXES = (".yaml", ".yml")
#: Beside a directory of playbooks, or in it; by Ansible's variables.
_FOLDERS = {
    "ANSIBLE_ROLES_PATH": "roles",
    "ANSIBLE_LIBRARY": "library",
    "ANSIBLE_LOOKUP_PLUGINS": "lookup_plugins",
    "ANSIBLE_FILTER_PLUGINS": "filter_plugins",
    "ANSIBLE_ACTION_PLUGINS": "action_plugins",
    "ANSIBLE_MODULE_UTILS": "module_utils",
}


@dataclass(frozen=True)
class Playbook:
    """A playbook that may be a validation.

    :ivar id: its file's name without the suffix.
    :ivar path: its file: on this machine, or in the files of its source.
    :ivar text: what is in it.
    :ivar files: what of its source goes with it; None: it lies in a directory
        of this machine.
    :ivar prefix: what the paths in its source begin with.
    :ivar unreadable: why it could not be read.
    """

    id: str
    path: str
    text: bytes
    files: Files | None = None
    prefix: str = ""
    unreadable: str = ""

    @property
    def is_uploaded(self) -> bool:
        """Whether a caller may have written it."""
        return self.files is not None


def find(cloud: clients.Cloud, plan: str) -> dict[str, Playbook]:
    """All playbooks that a plan can use, by their ids, sorted.

    :raises InvalidPlanName: no plan may be called that.
    """
    found: dict[str, Playbook] = {}
    for directory in reversed(directories()):
        found |= {each.id: each for each in _of_directory(directory)}
    for container, prefix in ((CONTAINER, ""), (names.check(plan), _CUSTOM)):
        playbooks = _of_container(cloud, container, prefix)
        found |= {each.id: each for each in playbooks}
    return dict(sorted(found.items()))


def directories() -> list[Path]:
    """The directories that are configured and exist."""
    wanted = map(Path, conf.options().validations_dirs)
    return [each for each in wanted if each.is_dir()]


def search_path() -> dict[str, str]:
    """Where Ansible finds what playbooks use, as environment variables."""
    return {
        variable: ":".join(
            str(top / folder)
            for directory in directories()
            for top in (directory, directory.parent)
            if (top / folder).is_dir()
        )
        for variable, folder in _FOLDERS.items()
    }


def companions(playbook: Playbook) -> dict[str, str]:
    """The files that an uploaded playbook is run with, itself too.

    Those in the folders beside it; no other playbooks.

    :raises InvalidFile: one of them is no text.
    """
    files = playbook.files
    if files is None:
        return {}
    paths = [
        path
        for path in files.stored
        if path.startswith(playbook.prefix)
        and (path == playbook.path or "/" in path[len(playbook.prefix) :])
        and not _leads_out(path)
    ]
    files.fetch(paths)
    return {
        path.removeprefix(playbook.prefix): files.text(path, "a validation")
        for path in paths
    }


def _leads_out(path: str) -> bool:
    return path.startswith("/") or ".." in PurePosixPath(path).parts


def _of_directory(directory: Path) -> Iterator[Playbook]:
    for path in sorted(directory.iterdir()):
        if path.suffix not in _SUFFIXES or not path.is_file():
            continue
        try:
            text = path.read_bytes()
        except OSError as error:
            why = str(error.strerror)
            yield Playbook(path.stem, str(path), b"", unreadable=why)
        else:
            yield Playbook(path.stem, str(path), text)


def _of_container(
    cloud: clients.Cloud, name: str, prefix: str
) -> Iterator[Playbook]:
    container = Container(cloud, name)
    try:
        files = Files(container, container.files())
    except errors.ResourceNotFound:
        return
    paths = [
        path
        for path in files.stored
        if path.startswith(prefix)
        and "/" not in path[len(prefix) :]
        and path.endswith(_SUFFIXES)
    ]
    files.fetch(paths)
    for path in paths:
        text = files.read(path, "the list of validations")
        yield Playbook(PurePosixPath(path).stem, path, text, files, prefix)
