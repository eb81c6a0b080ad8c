"""The order of the stages, and what is asked of it: sessions, compiling, checking, rendering, explaining."""
