"""The lanes of a call's axis, top to bottom: each module turns one part of the document into marks. Pure."""
