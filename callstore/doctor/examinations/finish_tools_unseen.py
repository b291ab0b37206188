"""No tool of the agent is known to end a call, so that a good end looks like a lost session."""

from callstore.doctor.examination import Evidence, Sample, Severity, Symptom, counted, most, seen_in

SEVERITY: Severity = "missing"
TITLE = "No tool that ends a call was ever seen"
SHOWN = 10  # names in a text


def examine(sample: Sample) -> Symptom | None:
    """The agents' tools, as configured and as called, where none of them ends a call."""
    tools = sample.setup.finish_tools
    names: dict[str, None] = {}
    events: list[Evidence] = []
    calls = 0
    for call in sample.calls:
        session = call.case.call.session
        if session is None:
            continue
        given = session.config.tools if session.config else ()
        called = session.tools
        told = any(said.what == "session_finished" for said in call.case.call.said)
        if told or any(tools.named(name) for name in (*given, *(name for _, name in called))):
            return None
        if given or called:
            calls += 1
            names |= dict.fromkeys((*given, *(name for _, name in called)))
            events += seen_in(call, session.configured if given else None, *(seen for seen, _ in called))
    if not names:
        return None
    known = ", ".join(sorted(names)[:SHOWN])
    wanted = (
        f"FINISH_TOOLS names {', '.join(sorted(tools.names))}" if tools.names else "none has a usual name"
    )
    why = (
        f"{counted(calls, len(sample.calls))} the agent's tools are known ({known}), and none of them is"
        f" known to end a call: {wanted}. A call that the agent ended well then looks like one that was lost."
    )
    paste = f"FINISH_TOOLS={','.join(sorted(names)[:SHOWN])}    # only those by which the agent ends a call"
    return Symptom(why, most(events), paste)
