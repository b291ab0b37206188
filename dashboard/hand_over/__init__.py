"""What of a call leaves the house: fixtures, bundles for a provider's support, reports and shares of them."""
