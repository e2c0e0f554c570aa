"""Where items come from: each file here has a function `items` that makes them, in the order of playing."""
