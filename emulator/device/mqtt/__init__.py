"""The module's MQTT client: settings, the states of an instance, its connection, and the messages that wait."""
