"""How our voice application writes: CloudEvents, about itself and about what passed at its providers."""
