"""Rules over many calls: summaries in, findings per call out. Pure, like the rules over one."""
