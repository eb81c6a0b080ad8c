"""What `format` asserts."""
