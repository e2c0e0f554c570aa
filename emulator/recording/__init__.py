"""Records what a host application and a real module say to each other, as a dialogue and as a trace."""
