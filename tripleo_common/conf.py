"""The options of this library: group ``[tripleo_common]`` of mistral.conf."""

from __future__ import annotations

from oslo_config import cfg

GROUP = "tripleo_common"

_OPTIONS = [
    cfg.StrOpt(
        "templates_dir",
        default="/usr/share/openstack-tripleo-heat-templates",
        help="Directory of the installed tripleo-heat-templates, from which "
        "default plans are made.",
    ),
    cfg.ListOpt(
        "upload_dirs",
        default=[],
        help="Directories of the executors, besides templates_dir, from which "
        "callers may have templates uploaded. What is below them can be read "
        "by every caller.",
    ),
    cfg.ListOpt(
        "source_schemes",
        default=["https"],
        help="Schemes of the repositories of Git that callers may make plans "
        "of: https, ssh, file. Executors fetch with what their own user may "
        "reach: with ssh that is all that the user's keys open, with file all "
        "repositories that the user may read. Empty: none at all.",
    ),
    cfg.FloatOpt(
        "source_timeout",
        default=300,
        min=1,
        help="Seconds that fetching a repository may take.",
    ),
    cfg.IntOpt(
        "source_size",
        default=128,
        min=1,
        help="Megabytes that a fetched repository may take on an executor's "
        "disk.",
    ),
    cfg.StrOpt(
        "interface",
        default="public",
        choices=("public", "internal", "admin"),
        help="Interface of the catalog's endpoints that actions talk to.",
    ),
    cfg.StrOpt(
        "region_name",
        help="Region of the catalog's endpoints. Unset: the region of the "
        "request, else the only one there is.",
    ),
    cfg.StrOpt(
        "auth_url",
        help="Keystone's URL, asked for the catalog where a request brings "
        "none (a cron trigger's). Unset: [keystone_authtoken] "
        "www_authenticate_uri.",
    ),
    cfg.StrOpt(
        "cafile",
        help="CA bundle for the services' certificates. Unset: the "
        "request's, else the system's.",
    ),
    cfg.BoolOpt(
        "insecure",
        default=False,
        help="Do not verify the services' certificates.",
    ),
    cfg.FloatOpt(
        "token_minutes",
        default=2,
        min=0,
        help="Minutes that a caller's token must last when a deployment "
        "begins; with less it is refused before anything is done.",
    ),
    cfg.FloatOpt(
        "timeout",
        default=60,
        min=0.1,
        help="Seconds that a service may take to connect or to send the "
        "next bytes of an answer.",
    ),
    cfg.FloatOpt(
        "heat_timeout",
        default=600,
        min=0.1,
        help="The same for Heat, which parses a whole plan before it answers.",
    ),
    cfg.IntOpt(
        "retries",
        default=3,
        min=0,
        help="How often a request is repeated when the service cannot be "
        "reached.",
    ),
    cfg.IntOpt(
        "swift_connections",
        default=8,
        min=1,
        max=64,
        help="Concurrent requests that an action sends to Swift.",
    ),
    cfg.DictOpt(
        "pm_types",
        default={},
        sample_default="pxe_ssh:redfish",
        help="Hardware types for pm_types that Ironic lost, or that are a "
        "site's own: pm_type:hardware type, separated by commas.",
    ),
    cfg.IntOpt(
        "ironic_connections",
        default=8,
        min=1,
        max=64,
        help="Concurrent requests that an action sends to Ironic.",
    ),
    cfg.ListOpt(
        "nova_manage",
        default=["sudo", "-n", "nova-manage"],
        help="How an executor calls nova-manage, its words separated by "
        "commas; for tripleo.baremetal.cell_v2_discover_hosts.",
    ),
    cfg.ListOpt(
        "validations_dirs",
        default=[
            "/usr/share/ansible/validation-playbooks",
            "/usr/share/openstack-tripleo-validations/playbooks",
            "/usr/share/openstack-tripleo-validations/validations",
        ],
        help="Directories with the playbooks of the installed validations; "
        "of several with the same name the first counts. Roles, modules and "
        "plugins are looked for in their folders and beside them.",
    ),
    cfg.BoolOpt(
        "run_uploaded_validations",
        default=False,
        help="Run validations that callers stored in Swift although "
        "validations_user is not set: whoever may write to Swift then runs "
        "what they like as the executors' user.",
    ),
    cfg.StrOpt(
        "validations_user",
        help="User that validations run as; executors become it as root, or "
        "with sudo, which must ask for no password. Unset: the executors' "
        "own user.",
    ),
    cfg.StrOpt(
        "validations_ssh_user",
        default="heat-admin",
        help="User that validations log in as on a plan's servers.",
    ),
    cfg.IntOpt(
        "validations_limit",
        default=3,
        min=1,
        max=64,
        help="Validations that run at a time on a machine, whatever number "
        "of executors it has. Others wait.",
    ),
    cfg.StrOpt(
        "validations_slots_dir",
        sample_default="$TMPDIR/tripleo-validations-<uid>",
        help="Directory of the locks that keep to that number; it must belong "
        "to the executors' user. Unset: tripleo-validations-<uid> in the "
        "directory for temporary files.",
    ),
    cfg.FloatOpt(
        "validations_timeout",
        default=1800,
        min=1,
        help="Seconds that a validation may run.",
    ),
    cfg.FloatOpt(
        "validations_grace",
        default=10,
        min=0,
        help="Seconds that a validation which is stopped has for its own "
        "end, before it is killed.",
    ),
    cfg.IntOpt(
        "validations_output_size",
        default=100,
        min=1,
        help="Megabytes of a validation's output that are kept.",
    ),
    cfg.IntOpt(
        "validations_kept",
        default=100,
        min=1,
        help="Results that are kept of a plan's validations.",
    ),
    cfg.FloatOpt(
        "validations_kept_days",
        default=30,
        min=0.01,
        help="Days that they are kept.",
    ),
    cfg.IntOpt(
        "lease_seconds",
        default=120,
        min=15,
        help="Seconds after which others may change a plan whose change "
        "stands still, such as that of an executor that was killed. More "
        "than timeout, or a slow service makes changes fail.",
    ),
    cfg.IntOpt(
        "history_versions",
        default=50,
        min=0,
        help="How many versions of each plan are kept at least, to be told "
        "and to be gone back to; up to a fifth more are. 0: no more versions "
        "are recorded.",
    ),
    cfg.StrOpt(
        "cache_dir",
        sample_default="$XDG_CACHE_HOME/tripleo-common-<uid>",
        help="Directory for copies of plans' files, encrypted; it must "
        "belong to the executor's user, and nobody else may enter it. Unset: "
        "tripleo-common-<uid> in $XDG_CACHE_HOME, else in the directory for "
        "temporary files.",
    ),
    cfg.IntOpt(
        "cache_size",
        default=128,
        min=0,
        help="Megabytes that cache_dir may take. 0: no cache.",
    ),
]


def list_opts() -> list[tuple[str, list[cfg.Opt]]]:
    """The options, as oslo-config-generator wants them."""
    return [(GROUP, _OPTIONS)]


def options() -> cfg.ConfigOpts.GroupAttr:
    """The values in force, from the process's own configuration."""
    cfg.CONF.register_opts(_OPTIONS, group=GROUP)
    group: cfg.ConfigOpts.GroupAttr = cfg.CONF[GROUP]
    return group


def keystone_url() -> str | None:
    """Where to ask Keystone when a request does not tell."""
    if options().auth_url:
        return str(options().auth_url)
    try:
        url = cfg.CONF.keystone_authtoken.www_authenticate_uri
    except (cfg.NoSuchOptError, cfg.NoSuchGroupError):
        return None
    return None if url is None else str(url)


def field_limit() -> int | None:
    """Bytes that a field of an execution may have; None: any number."""
    try:
        limit = int(cfg.CONF.engine.execution_field_size_limit_kb)
    except (cfg.NoSuchOptError, cfg.NoSuchGroupError):
        return None
    return None if limit < 0 else limit * 1024
