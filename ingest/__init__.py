"""Every way a fact gets in."""
