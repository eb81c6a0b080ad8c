"""Where the environments and the model disagree: `analyse` gives the findings, `views` the pages."""
