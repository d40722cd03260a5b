"""Tables of the user's own: how they are written, what their columns hold, and how they become samples."""
