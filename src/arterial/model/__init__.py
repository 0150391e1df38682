"""What the user says: the description of a network, its reader and every error in it."""
