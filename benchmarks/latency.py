"""A network as users have it: a proxy that delays each request.

It is a process of its own, so that it takes no time from what is measured.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from urllib.parse import urlsplit


@contextmanager
def delayed(urls: dict[str, str], seconds: float) -> Iterator[dict[str, str]]:
    """Services' addresses, at which each request takes longer.

    :param urls: the services' own addresses, by name.
    :param seconds: that each request takes longer.
    """
    here, there = multiprocessing.Pipe()
    targets = [urlsplit(url).port or 80 for url in urls.values()]
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(targets, seconds, there), daemon=True
    )
    process.start()
    try:
        ports = here.recv()
        yield {
            name: f"http://127.0.0.1:{port}"
            for name, port in zip(urls, ports, strict=True)
        }
    finally:
        process.kill()
        process.join()


def _serve(targets: list[int], seconds: float, ready: Connection) -> None:
    asyncio.run(_run(targets, seconds, ready))


async def _run(targets: list[int], seconds: float, ready: Connection) -> None:
    servers = [
        await asyncio.start_server(_handler(port, seconds), "127.0.0.1", 0)
        for port in targets
    ]
    ready.send([each.sockets[0].getsockname()[1] for each in servers])
    await asyncio.gather(*(each.serve_forever() for each in servers))


def _handler(port: int, seconds: float):  # type: ignore[no-untyped-def]
    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        upstream = await asyncio.open_connection("127.0.0.1", port)
        # Whether what the client says next begins a request.
        turn = {"client": True}

        async def forth() -> None:
            while data := await reader.read(1 << 16):
                if turn["client"]:
                    turn["client"] = False
                    await asyncio.sleep(seconds)
                upstream[1].write(data)
                await upstream[1].drain()
            upstream[1].close()

        async def back() -> None:
            while data := await upstream[0].read(1 << 16):
                turn["client"] = True
                writer.write(data)
                await writer.drain()
            writer.close()

        await asyncio.gather(forth(), back(), return_exceptions=True)

    return handle
