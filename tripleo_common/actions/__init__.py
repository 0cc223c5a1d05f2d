"""Mistral's side: each action takes its inputs to one domain function."""
