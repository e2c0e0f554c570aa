"""Finds what breaks a host application: one step aside at each place of a healthy run, and what comes of it.

The census of a healthy run tells the places. `subjects/` has what can happen at each of them, made of what is in
`steps/`; `schedule/` decides what is tried next, and what together; `trials/` runs the host program in processes of
its own and judges each run; `far_end/` looks whether the servers have what they should; `findings/` groups what was
found, reduces it to the least scenario that still shows it, and tells it; `reports/` writes it. `exploration` joins
them.
"""
