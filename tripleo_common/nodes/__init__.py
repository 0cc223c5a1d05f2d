"""Bare metal: from a list of machines to nodes that can be deployed."""
