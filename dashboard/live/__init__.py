"""What changes while somebody looks: a stream of ids, and the parts of pages that follow from it."""
