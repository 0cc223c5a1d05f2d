"""Validations: Ansible playbooks that tell whether a cloud is well."""
