"""Makes an application tell a call anew: through the Live API, or by an observer that reconnects."""
