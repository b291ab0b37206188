"""How each sender writes, whichever door brought it: plain values in, drafts out.

The key of a fact is made here and nowhere else, so that a callback, a stream and a copy of one are one fact.
"""
