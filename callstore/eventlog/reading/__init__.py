"""What the log holds, decrypted and decoded, by call or in one order."""
