"""A call as one document: the stable fields, the parts that pages draw, and the words for both."""
