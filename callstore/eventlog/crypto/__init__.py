"""Keys, ciphertexts and digests: what keeps a row secret, and what proves it unchanged."""
