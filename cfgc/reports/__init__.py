"""Knowledge about configuration: a typed report first, pages from it second."""
