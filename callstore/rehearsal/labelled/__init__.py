"""Labelled calls with recordings, told and synthesised: what `evaluate` is measured by.

Every label comes from the telling. Nothing here knows how calls are judged or recordings are heard.
"""
