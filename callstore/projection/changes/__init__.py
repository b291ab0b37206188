"""Which calls changed of late, noted by each save, and how an open page follows that."""
