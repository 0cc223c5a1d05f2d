"""``tripleo-reporter``: post the messages that workflows ended without."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Sequence

from keystoneauth1 import exceptions as ka_exc
from keystoneauth1 import loading
from oslo_config import cfg

from tripleo_common import errors
from tripleo_common.clients import Cloud
from tripleo_common.messages import queues
from tripleo_common.messages.reporter import Reporter

LOG = logging.getLogger(__name__)

GROUP = "tripleo_reporter"

_OPTIONS = [
    cfg.FloatOpt(
        "interval",
        default=5,
        min=0.5,
        help="Seconds between two looks at the executions that ended.",
    ),
    cfg.FloatOpt(
        "grace",
        default=5,
        min=0,
        help="Seconds that a workflow which has ended gets to post its "
        "message itself.",
    ),
    cfg.FloatOpt(
        "look_back",
        default=queues.TTL,
        min=60,
        help="Seconds; what ended longer ago is not reported any more.",
    ),
]


def list_opts() -> list[tuple[str, list[cfg.Opt]]]:
    """The options, as oslo-config-generator wants them."""
    credentials = [
        *loading.get_auth_common_conf_options(),
        *loading.get_auth_plugin_conf_options("password"),
        *loading.get_session_conf_options(),
    ]
    return [(GROUP, [*_OPTIONS, *credentials])]


def run(conf: cfg.ConfigOpts, stop: threading.Event) -> None:
    """Look and report until told to stop."""
    reporter = reporter_of(conf)
    while not stop.wait(conf[GROUP].interval):
        try:
            reporter.look()
        except errors.TripleOError as error:
            LOG.warning("%s It is tried again.", error)
            # Logged in anew: the catalog may have been another one.
            reporter = reporter_of(conf)


def reporter_of(conf: cfg.ConfigOpts) -> Reporter:
    """The reporter that a configuration describes."""
    conf.register_opts(_OPTIONS, GROUP)
    loading.register_auth_conf_options(conf, GROUP)
    loading.register_session_conf_options(conf, GROUP)
    options = conf[GROUP]
    session = loading.load_session_from_conf_options(
        conf, GROUP, auth=loading.load_auth_from_conf_options(conf, GROUP)
    )
    return Reporter(Cloud(session), options.look_back, options.grace)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the service; its exit status."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    conf = cfg.CONF
    conf.register_cli_opt(
        cfg.BoolOpt("once", default=False, help="Look once, and end.")
    )
    given = list(sys.argv[1:] if arguments is None else arguments)
    conf(given, project="tripleo-reporter")
    try:
        if conf.once:
            reporter_of(conf).look()
        else:
            run(conf, _ended_by_signals())
    except (errors.TripleOError, ka_exc.ClientException) as error:
        print(f"tripleo-reporter: {error}", file=sys.stderr)
        return 1
    return 0


def _ended_by_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
