"""How a call was set up: what of it is a stable field, and what a page draws of where its legs met."""
