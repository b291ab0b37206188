"""What can be said of a call, each with its evidence: rules over one call, and over many (`cross_call`)."""
