"""What can be made to go wrong on purpose: the faults of networks, servers, modules and lines, one small file each.

A `Fault` says what happens and where it is addressed to; a `Rule` is a fault at work, with its count; the `FaultPlan`
holds the rules and is asked at each place that the module's work passes. `FaultyBearer` and `FaultyPort` stand between
the module and the outside, and do to the bytes what the plan says.
"""
