"""The shape of two calls side by side, made of the types that their comparison is written by."""

from dashboard.api.shapes.document import schema
from dashboard.compare.comparison import Comparison


class Compared(schema(Comparison)):  # type: ignore[misc]  # its type is made here
    """Two calls side by side. The axis goes from `start_s` to `end_s`."""

    b_by_default: bool
