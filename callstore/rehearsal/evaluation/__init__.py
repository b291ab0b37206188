"""Labelled calls judged by the real fold and rules, and how often that is right."""
