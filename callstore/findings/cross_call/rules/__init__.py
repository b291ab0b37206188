"""One rule a file, over many calls; its module's name is its slug, and being here makes it a rule."""
