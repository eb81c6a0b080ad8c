"""The peers: each has its own form of the fleet, runs as a whole process, and gives its values back."""
