"""Values without logic or I/O: what the stages hand to each other."""
