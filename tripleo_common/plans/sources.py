"""Where plans' templates come from: directories of the executor, and Git.

An executor reads files that its callers may not see. So only directories that
the configuration names are read, and only repositories of the schemes that it
allows.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tripleo_common import conf, errors
from tripleo_common.plans import default_templates, git

#: What is in a plan already is the operator's, and a directory of templates
#: has only the first version of it.
OPERATORS_FILES = frozenset(
    [
        "plan-environment.yaml",
        "roles_data.yaml",
        "network_data.yaml",
        "j2_excludes.yaml",
    ]
)


def directory(path: str | None) -> dict[str, bytes]:
    """The files of a directory, by their paths relative to it.

    :param path: None: the installed templates.
    :raises InvalidInput: the directory is not one that may be read.
    :raises NotFound: there is no such directory, or nothing in it.
    """
    installed = conf.options().templates_dir
    if path is None:
        return default_templates.read(installed)
    allowed = [installed, *conf.options().upload_dirs]
    if not any(_is_below(path, each) for each in allowed):
        raise errors.InvalidInput(
            f"The directory {path!r:.200} is not read: an executor may read "
            "files that its callers must not see. Choose one in "
            f"{', '.join(allowed)}, or have the operator add it to "
            "[tripleo_common] upload_dirs in Mistral's configuration."
        )
    return default_templates.read(path)


def repository(url: str) -> dict[str, bytes]:
    """The files of a repository of Git, by their paths.

    :param url: with ``#<branch or tag>`` or ``@<branch or tag>`` behind it,
        where that is not the repository's own choice.
    :raises InvalidInput: the URL, or the repository, is not to be used.
    :raises ServiceError: it cannot be fetched.
    """
    source = git.parse(url, conf.options().source_schemes)
    with tempfile.TemporaryDirectory(prefix="tripleo-git-") as top:
        git.fetch(
            source,
            top,
            conf.options().source_timeout,
            conf.options().source_size * 1024 * 1024,
        )
        _check_links(source, Path(top))
        return default_templates.read(top)


def _is_below(path: str, top: str) -> bool:
    real, real_top = os.path.realpath(path), os.path.realpath(top)
    return os.path.commonpath([real, real_top]) == real_top


def _check_links(source: git.Source, top: Path) -> None:
    """Refuse what would be read from outside of the repository."""
    for folder, directories, names in os.walk(top):
        for name in [*directories, *names]:
            path = Path(folder, name)
            if path.is_symlink() and not _is_below(str(path), str(top)):
                raise errors.InvalidInput(
                    f"The repository {source.url} is not used: its link "
                    f"{path.relative_to(top)} leads out of it. Remove the "
                    "link from the repository."
                )
