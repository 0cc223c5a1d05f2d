"""Let threads parse YAQL one at a time.

An engine of yaql keeps one parser of ply, which keeps its stacks in itself:
of two threads that parse at the same time, one may get a part of the other's
expression. Heat came to a list in this way, where a template makes a text. To
go when yaql makes a parser for each call, or Heat and Mistral take turns.
"""

import functools
import threading

from yaql.language import factory

# An engine with options calls a copy of itself.
_TURN = threading.RLock()


def take_turns():
    kind = factory.YaqlEngine
    stock = kind.__call__

    @functools.wraps(stock)
    def parse(*args, **kwargs):
        with _TURN:
            return stock(*args, **kwargs)

    kind.__call__ = parse


take_turns()
