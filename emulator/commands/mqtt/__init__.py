"""MQTT: two clients, their connections, and the messages that they send and receive."""
