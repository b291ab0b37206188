"""From the log to read models: link, fold, judge, save; the relay, the sweep and the questions readers ask."""
