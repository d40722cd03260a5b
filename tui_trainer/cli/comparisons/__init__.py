"""What `compare` does without the dashboard: find what is meant, train what is missing, say what came out."""
