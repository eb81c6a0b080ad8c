"""Schema files -> one linked document, with everything that is wrong in them."""
