"""One folder a provider, found by scanning; no other file names it.

A folder holds `setting.py` (the setting with its secrets: plain data), `signature.py` (the proof),
`provider.py` (both together, how its door looks, and which dialect reads a delivery), perhaps `smoke.py` (a
harmless delivery for `doctor --smoke`), `doc.md` (how to set it up) and `examples.jsonl` (one delivery of
each kind, unsigned, with the facts that it brings).
"""
