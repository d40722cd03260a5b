"""Between Textual and the terminal: what is sent, what is typed, and how the program ends."""
