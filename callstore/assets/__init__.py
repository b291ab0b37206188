"""What browsers fetch beside pages: our scripts and sheets, each whole, and those of others."""
