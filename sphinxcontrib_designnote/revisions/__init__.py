"""What git knows of the notes: who edited what before whom."""
