"""Names that clients, plans and services agree on."""

DEFAULT_CONTAINER_NAME = "overcloud"
DEFAULT_QUEUE_NAME = "tripleo"

#: Marks a Swift container as a plan.
USAGE_HEADER = "x-container-meta-usage-tripleo"
USAGE_PLAN = "plan"
#: Marks the container that keeps a plan's versions.
USAGE_HISTORY = "plan-history"
#: The workflow execution that makes a plan of a container; see
#: plans/creation.py.
CREATOR_HEADER = "x-container-meta-tripleo-creator"
#: What local copies of a container's files are encrypted with.
CACHE_SECRET_HEADER = "x-container-meta-tripleo-cache-secret"

#: Marks what rendering wrote, so that it can go when it is not rendered any
#: more. Swift keeps it, and each listing tells it.
RENDERED_TYPE = "application/yaml;source=jinja2"

ROLES_FILE = "roles_data.yaml"
NETWORKS_FILE = "network_data.yaml"
#: What templates without a network_data.yaml of their own ship instead.
DEFAULT_NETWORKS_FILE = "network_data_default.yaml"
EXCLUDES_FILE = "j2_excludes.yaml"
CAPABILITIES_FILE = "capabilities-map.yaml"
PLAN_ENVIRONMENT_FILE = "plan-environment.yaml"

#: What a plan deploys when its templates ship no capabilities map.
DEFAULT_ROOT_TEMPLATE = "overcloud.yaml"
DEFAULT_ROOT_ENVIRONMENT = "overcloud-resource-registry-puppet.yaml"

#: Every workflow of ours carries this tag; only those are ever removed.
WORKFLOW_TAG = "tripleo-common-managed"
