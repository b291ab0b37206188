"""The pages of alerts: all of them, and one with its form, its trial, its history."""
