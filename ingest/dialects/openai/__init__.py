"""How OpenAI writes: webhooks, and the server events of a session."""
