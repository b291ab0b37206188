"""The providers' status pages, asked again and again; each revision of an incident becomes a fact."""
