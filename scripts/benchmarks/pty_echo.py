"""The least that a Python program can do for a host: send each piece back. Run as a program, it prints its port."""

import os
import tty

if __name__ == "__main__":
    master, slave = os.openpty()
    tty.setraw(slave)
    print(os.ttyname(slave), flush=True)
    while True:
        os.write(master, os.read(master, 4096))
