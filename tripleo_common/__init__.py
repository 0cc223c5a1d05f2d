"""Deploy an OpenStack cloud with an OpenStack cloud, through Mistral."""
