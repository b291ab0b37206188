"""From the log to read models: link, fold, judge, save; relay, sweep and the questions readers ask."""
