"""Where tests find what lies in the repository."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "tests" / "scenarios"
