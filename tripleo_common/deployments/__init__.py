"""Deployments: what plans become, as stacks in Heat."""
