"""Each workflow on Mistral's own engine, its services in memory."""

from oslo_service import backend

# As in Mistral's own processes; it must come before Mistral's first import.
backend.init_backend(backend.BackendType.THREADING)
