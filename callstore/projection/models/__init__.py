"""The read models: derived from the log, at any time droppable, refilled by `manage.py rebuild`.

Personal data stands here in plain; `erase` deletes the rows.
"""

from callstore.projection.models.beside import CallWords, Neighbour, TraceRef
from callstore.projection.models.call import CallRow
from callstore.projection.models.columns import words

__all__ = ["CallRow", "CallWords", "Neighbour", "TraceRef", "words"]
