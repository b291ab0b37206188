"""The sources of a call, each with its state: present, awaited until some moment, or gone, and why."""
