"""Whether a value is valid, and what is wrong with it: two engines, and what neither can know."""
