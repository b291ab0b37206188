"""A carrier that tells of legs by pigeon: what a new provider has to bring, and nothing more."""
