"""The one verdict on a call: the deciding order, who ended first, the evidence, and what is missing."""
