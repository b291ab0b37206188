"""`doctor --smoke`: a signed delivery a door through PUBLIC_BASE_URL, and what the doors rest on."""
