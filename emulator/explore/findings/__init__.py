"""What is wrong with the host: grouped, reduced, confirmed, named and told."""
