"""A Swift filter that keeps in the process what memcached would keep.

Swift's own ``cache`` filter needs a memcached, or all of the few requests of
a token's validation again. Stock Swift can do with this filter as long as
there is one proxy process.
"""

import time

ENTRIES = 50_000


class Cache:
    """The part of Swift's memcache client that its middleware calls."""

    def __init__(self):
        self._entries = {}

    def get(self, key, raise_on_error=False):
        value, expiry = self._entries.get(key, (None, 0))
        if expiry and expiry < time.time():
            del self._entries[key]
            return None
        return value

    def set(self, key, value, time=0, **_):
        if len(self._entries) >= ENTRIES:
            self._entries.clear()
        self._entries[key] = (value, _now() + time if time else 0)

    def delete(self, key, server_key=None):
        self._entries.pop(key, None)

    def incr(self, key, delta=1, time=0):
        value = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, value, time=time)
        return value

    def decr(self, key, delta=1, time=0):
        return self.incr(key, -delta, time)

    def set_multi(self, mapping, server_key, time=0, **_):
        for key, value in mapping.items():
            self.set(key, value, time=time)

    def get_multi(self, keys, server_key):
        return [self.get(key) for key in keys]


_now = time.time


def filter_factory(global_conf, **local_conf):
    cache = Cache()

    def with_cache(app):
        def middleware(environ, start_response):
            environ["swift.cache"] = cache
            return app(environ, start_response)

        return middleware

    return with_cache
