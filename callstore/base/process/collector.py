"""Python's collector of cycles, for a process that makes many short-lived objects and hardly a cycle."""

import gc

# Objects made, less those that died, until the young are looked through; 700 as Python comes. A batch of a
# thousand facts holds some 20,000 at once, and none of them is garbage.
YOUNG = 20_000


def relax() -> None:
    """Keep what is loaded now out of the collector's sight, and have it look seldom at the rest.

    What is loaded stays for ever, and a full pass over it stops every thread for 45 to 110 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
