"""Examine an undercloud, the embedded one or any other, from outside.

Everything goes through the public APIs, changes nothing that is there, and
leaves nothing behind. One module a subject; each has a ``check`` that yields
findings.
"""
