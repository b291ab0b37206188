"""When the verdict of a call is settled, and the events that tell of it: never dropped, never rebuilt."""
