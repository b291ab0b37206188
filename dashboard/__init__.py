"""Every way a person or a script looks."""
