"""The shapes that routes take and answer with."""
