"""A long call: the founding one, its first words said again and again."""

from tests.dashboard.told import told

LENGTH_S = 1800
EVERY_S = 12


def long_document(length=LENGTH_S, every=EVERY_S):
    """The founding call, its first words said again and again, its legs ended after `length` seconds."""
    document = told("no_recording")
    for leg in document["legs"]:
        leg["ended"]["at_s"] = float(length)
    turn, reply = document["turns"][0], document["replies"][0]
    for at in range(60, length - 60, every):
        said = {"state": "transcribed", "text": f"Turn {at}"}
        document["turns"].append({**turn, **said, "start_s": at + 5.0, "end_s": at + 8.0})
        answer = {"text": f"Reply at {at} of many words"}
        document["replies"].append({**reply, **answer, "start_s": float(at), "end_s": at + 4.0})
    return document
