"""What the answers show: claims, which of them explain what was seen, and which an emulated module holds up."""
