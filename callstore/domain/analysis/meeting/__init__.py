"""Where caller and AI met: a dialled leg, a conference, a stream, a trunk; and who left it first."""
