"""Swift: proxy, account, container and object server in one process.

Deviates from stock in three points: ``swift-init`` would start four processes
with a worker each; ``fsync`` is a no-op, because a throw-away cloud need not
survive a power cut and small uploads are three times as fast; and the rings,
of one device, are built here. The first can go when a quarter of a gigabyte
does not matter.
"""

import os
import signal

import launching

SETTINGS = launching.settings()
os.fsync = os.fdatasync = lambda _: None

import eventlet  # noqa: E402
from eventlet import hubs  # noqa: E402
from swift.common import utils, wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402

SERVERS = ("account", "container", "object", "proxy")
DEVICE = "disk"


def build_rings():
    (SETTINGS.data / "swift" / DEVICE).mkdir(parents=True, exist_ok=True)
    for kind in ("account", "container", "object"):
        port = SETTINGS.ports[f"swift-{kind}"]
        ring = SETTINGS.etc / f"{kind}.ring.gz"
        stamp = SETTINGS.etc / f"{kind}.ring.port"
        if ring.exists() and stamp.exists() and stamp.read_text() == str(port):
            continue
        builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
        builder.add_dev(
            {
                "region": 1,
                "zone": 1,
                "weight": 1,
                "ip": SETTINGS.host,
                "port": port,
                "device": DEVICE,
                "meta": "",
                "replication_ip": SETTINGS.host,
                "replication_port": port,
            }
        )
        builder.rebalance()
        builder.get_ring().save(str(ring))
        stamp.write_text(str(port))


def serve(kind):
    path = SETTINGS.config(f"{kind}-server.conf")
    conf, logger, global_conf, _ = wsgi.check_config(
        path, f"{kind}-server", verbose=True
    )
    return eventlet.spawn(
        wsgi.run_server,
        conf,
        logger,
        wsgi.get_socket(conf),
        global_conf=global_conf,
    )


def choose_hub_once():
    """Keep the hub that runs: each server would put another in its place.

    Threads of eventlet's pool do need a hub of their own.
    """
    hubs.use_hub(utils.get_hub())
    stock = hubs.use_hub
    # Not a green thread's number, which patching would make of it.
    thread = eventlet.patcher.original("threading").get_ident
    main = thread()

    def use_hub(*args):
        if thread() != main:
            stock(*args)

    hubs.use_hub = use_hub


build_rings()
utils.monkey_patch()
choose_hub_once()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: launching.leave())
for server in [serve(kind) for kind in SERVERS]:
    server.wait()
