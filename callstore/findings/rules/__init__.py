"""One rule a file, over one call; its module's name is its slug, and being here makes it a rule."""
