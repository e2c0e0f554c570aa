"""What happens in a modem, as structured events, and the readers that make transcripts and key logs of them."""
