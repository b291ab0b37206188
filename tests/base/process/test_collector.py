"""What a process that relaxes its collector has it look at."""

import subprocess
import sys

LOOKS = """
import gc
from callstore.base.process import collector
collector.relax()
passes, frozen = [], gc.get_freeze_count()
gc.callbacks.append(lambda phase, info: passes.append(info["generation"]))
alive = [{"fact": [number]} for number in range(5_000)]
print(frozen > 1_000, passes)
"""


def test_a_batch_that_is_alive_is_not_looked_through():
    found = subprocess.run([sys.executable, "-c", LOOKS], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "True []"
