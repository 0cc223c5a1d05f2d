"""The embedded undercloud: real services on loopback, one command to start.

Nothing in here is needed on a host that runs Mistral with this library; the
services live in virtual environments of their own.
"""
