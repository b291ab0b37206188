"""The API at /api/v1/: routes, their shapes, who may ask, and errors as problem details."""
