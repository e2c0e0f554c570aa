"""Power, battery, temperature and pins."""
