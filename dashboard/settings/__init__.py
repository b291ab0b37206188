"""The pages of settings: people, tokens and the audit for admins, a password for everybody."""
