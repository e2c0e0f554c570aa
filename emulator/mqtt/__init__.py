"""MQTT 3.1.1 without I/O: packets found in bytes, packets in words, and a client's session, which paho-mqtt speaks."""
