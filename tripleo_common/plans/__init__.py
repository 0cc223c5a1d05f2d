"""Plans: what a cloud is to become, as files in Swift and state in Mistral."""
