"""What the launchers share: settings, one-off commands, serving, stopping.

A launcher is run by path with the python of the environment that its service
lives in, and with one argument: the folder of the rendered configuration. Its
own folder comes first on ``sys.path``, so no launcher is named like a package
it starts, and none but Mistral's imports ``tripleo_common``.
"""

import json
import os
import pathlib
import signal
import sys
import threading
import traceback


class Settings:
    """Where a launcher's service finds its files and ports."""

    def __init__(self, etc):
        self.etc = pathlib.Path(etc)
        values = json.loads((self.etc / "launch.json").read_text())
        self.host = values["host"]
        self.ports = values["ports"]
        self.data = pathlib.Path(values["data"])
        # What oslo.config is to take from there.
        os.environ.update(values["environ"])

    def config(self, name):
        return str(self.etc / name)

    def secret(self, name):
        return json.loads((self.etc / "secrets.json").read_text())[name]


def settings():
    """Take the settings from the command line, and clear it.

    Several services parse ``sys.argv`` at import.
    """
    found = Settings(sys.argv[1])
    del sys.argv[1:]
    return found


def command(main, *argv):
    """Run the main function of one of a service's own commands."""
    sys.argv = list(argv)
    try:
        code = main()
    except SystemExit as ended:
        code = ended.code
    if code not in (None, 0):
        raise SystemExit(code)


def once(stamp, state, prepare):
    """Run ``prepare`` unless it has already succeeded for this ``state``.

    It runs in a forked child: the imports are paid once, and what a command
    leaves behind in the global configuration stays out of the service.

    :param stamp: the file that remembers the last success.
    :param state: what was prepared for, such as the package's version.
    """
    if stamp.exists() and stamp.read_text() == state:
        return
    _in_child(prepare)
    _write_whole(stamp, state.encode())


def migrated(data, name, version, migrate):
    """Have a service's database, with the schema of its version.

    A new one is a copy of a template: the migrations run once for an
    environment. It appears whole or not at all, and what was left half made,
    before there was a stamp, is made anew.

    :param data: the folder of databases.
    :param migrate: brings the database that ``OS_DATABASE__CONNECTION`` names
        to this version; it may not be there yet.
    """
    stamp = data / f"{name}.prepared"
    database = data / f"{name}.sqlite"

    def prepare():
        os.environ["OS_DATABASE__CONNECTION"] = f"sqlite:///{database}"
        migrate()

    if stamp.exists():
        once(stamp, version, prepare)
        return
    template = pathlib.Path(sys.prefix, "databases", f"{name}-{version}")
    if not template.exists():
        _make_template(template, migrate)
    for leftover in ("-wal", "-shm", "-journal"):
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    _write_whole(database, template.read_bytes())
    _write_whole(stamp, version.encode())


def _make_template(template, migrate):
    template.parent.mkdir(mode=0o700, exist_ok=True)
    partial = template.with_name(f"{template.name}.{os.getpid()}")

    def prepare():
        os.environ["OS_DATABASE__CONNECTION"] = f"sqlite:///{partial}"
        migrate()

    try:
        _in_child(prepare)
        partial.rename(template)
    finally:
        for leftover in template.parent.glob(partial.name + "*"):
            leftover.unlink()


def _write_whole(path, content):
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.rename(path)


def _in_child(function):
    child = os.fork()
    if child == 0:
        _run_and_exit(function)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        sys.exit(code)


def _run_and_exit(function):
    code = 0
    try:
        function()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def cheroot(app, host, port, threads):
    """Prepare a threaded HTTP server of a WSGI application."""
    from cheroot.wsgi import Server

    return Server(
        (host, port),
        app,
        numthreads=threads,
        request_queue_size=128,
        # Longer than the longest synchronous answer, such as Heat's to a
        # validation of all templates.
        timeout=900,
    )


def serve(*servers):
    """Serve until the process is told to end."""
    for server in servers:
        server.prepare()
        threading.Thread(target=server.serve, daemon=True).start()
    wait_for_end()
    for server in servers:
        server.stop()


def wait_for_end():
    """Wait for SIGTERM or SIGINT."""
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    end.wait()


def leave():
    """End now: threads of a service must not hold the process up."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
