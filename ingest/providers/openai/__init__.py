"""OpenAI: webhooks after the Standard Webhooks specification."""
