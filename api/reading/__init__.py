"""What can be read: each list and each row filtered by what the actor may see, in a constant number of queries."""
