"""What the pages of this part ask for."""
