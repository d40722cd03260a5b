"""A model before training: its layers and what is learned in them, what is chosen, what memory it takes."""
