"""A Linux guest in QEMU, for what the kernel of this machine may not have: PPP. It needs no privilege and no KVM."""
