"""How legs are met, measured and ordered, beside their progress: conferences, Voice Insights, answerers."""
