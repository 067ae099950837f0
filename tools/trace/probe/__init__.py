"""What is put into the user's interpreter: standard library only, Python 3.9 or later, nothing of ours imported."""
