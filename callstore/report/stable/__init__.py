"""The stable fields of a call (docs/fields.md): what each means, and how each is filled."""
