"""What leaves for programs of your own: signed events of verdicts, a file each night, traces of calls."""
