"""Heat: engine, native API and CFN API in one process.

Deviates from stock in five points: ``heat-all`` is no more, and without a
message broker the APIs reach the engine only within the process (to go when
it comes back); the sqlite fix of ``sqlite_writers``; the turns that
``yaql_parsing`` makes threads take; the constraints that ask Nova and
Neutron let every value pass, as there is neither (to go with their arrival);
and a preview of an update tells nested stacks that are yet to be made, where
stock fails as they have no id (to go when that is mended).
"""

import launching

SETTINGS = launching.settings()

# Before anything that uses oslo.service: Heat does the same first.
from oslo_service import backend  # noqa: E402

backend.init_backend(backend.BackendType.THREADING)

import oslo_i18n  # noqa: E402
import yaql_parsing  # noqa: E402, F401
from heat import version  # noqa: E402
from heat.cmd import manage  # noqa: E402
from heat.common import config, messaging, profiler  # noqa: E402
from heat.engine import api as engine_api  # noqa: E402
from heat.engine import (  # noqa: E402
    constraints,
    resources,
    service,
    template,
)
from heat.engine.hot import functions  # noqa: E402
from heat.rpc import api  # noqa: E402
from oslo_config import cfg  # noqa: E402
from oslo_log import log  # noqa: E402

CONFIG = ("--config-file", SETTINGS.config("heat.conf"))
VERSION = version.version_info.version_string()
UNCHECKED = (
    "neutron.network",
    "neutron.port",
    "neutron.subnet",
    "nova.flavor",
    "nova.host",
    "nova.keypair",
    "nova.server",
)


class AnyValue(constraints.BaseCustomConstraint):
    """A constraint that nothing violates."""

    def validate(self, value, context):
        return True

    def validate_with_client(self, client, value):
        pass


FORMAT = engine_api.format_stack_resource


def format_stack_resource(resource, *args, **named):
    """Tell a resource, the id of its nested stack only if it has one."""
    if resource.has_nested() and resource.nested_identifier() is None:
        resource.nested_identifier = dict
    return FORMAT(resource, *args, **named)


engine_api.format_stack_resource = format_stack_resource


def migrate():
    launching.command(manage.main, "heat-manage", *CONFIG, "db_sync")


def start_engine():
    config.startup_sanity_check()
    template._get_template_extension_manager()
    profiler.setup("heat-engine", cfg.CONF.host)
    for name in UNCHECKED:
        resources.global_env().register_constraint(name, AnyValue)
    engine = service.EngineService(cfg.CONF.host, api.ENGINE_TOPIC)
    engine.start()
    return engine


def server(application, port, threads):
    app = config.load_paste_app(application)
    return launching.cheroot(app, SETTINGS.host, port, threads)


launching.migrated(SETTINGS.data, "heat", VERSION, migrate)

# After the migrations, which write over two connections at once.
import sqlite_writers  # noqa: E402, F401

oslo_i18n.enable_lazy()
log.register_options(cfg.CONF)
cfg.CONF(list(CONFIG), project="heat", prog="heat-engine", version=VERSION)
log.setup(cfg.CONF, "heat")
log.set_defaults()
config.set_config_defaults()
messaging.setup()
# Made by the first thread that needs it, it would be half made for the next.
functions.Yaql.get_yaql_parser()
start_engine()
launching.serve(
    server("heat-api", SETTINGS.ports["heat"], threads=16),
    server("heat-api-cfn", SETTINGS.ports["heat-cfn"], threads=4),
)
# The engine is not awaited: a stack's thread may run for hours, and Heat
# marks what it finds in progress as failed when it starts again.
launching.leave()
