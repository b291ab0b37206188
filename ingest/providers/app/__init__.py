"""The voice application: CloudEvents under a bearer token."""
