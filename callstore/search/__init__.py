"""The one query language: text → tree → SQL. It serves list, API and export alike."""
