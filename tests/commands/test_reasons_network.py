"""Why commands for the network, its contexts and the module's date are refused, in words for the host's author."""

from emulator.testing import Bench
from tests.commands.reasons import Step, dialogue

CONTEXTS: list[Step] = [
    ("AT#SGACT=1,1", 'context 1 is not defined: AT+CGDCONT=1,"IP","<apn>" first'),
    ('AT+CGDCONT=1,"PPP","internet"', None),
    ("AT#SGACT=1,1", 'context 1 is of type PPP; it must be IP: AT+CGDCONT=1,"IP","<apn>" first'),
    ('AT+CGDCONT=1,"IP","internet"', None),
    ('AT#QDNS="echo.lab"', "no context 1 is active: AT#SGACT=1,1 first"),
    ("AT#SGACT=1,1", None),
    ("AT#SGACT=1,1", "context 1 is active: AT#SGACT=1,0 first"),
    ("AT+CGDCONT=1", "context 1 is active: AT#SGACT=1,0 first"),
    ("ATD*99***1#", "context 1 is active for the module's own sockets: AT#SGACT=1,0 first"),
    ("AT#SGACT=1,0", None),
    ("AT+CGACT=1,1", None),
    (
        'AT#QDNS="echo.lab"',
        "context 1 is active for the host's own stack, not for the module's sockets: AT#SGACT=1,0 first",
    ),
    ("AT#SGACT=1,0", None),
    ("AT#CGPADDR=5", 'context 5 is not defined: AT+CGDCONT=5,"IP","<apn>" first'),
    ("AT+CGQREQ=5,1", 'context 5 is not defined: AT+CGDCONT=5,"IP","<apn>" first'),
    ("ATD*99***4#", 'context 4 is not defined: AT+CGDCONT=4,"IP","<apn>" first'),
    ("ATD*99***9#", "<cid> is 9; 1 to 5"),
    ("ATD*98#", "*98# is no packet service of this module; ATD*99***<cid># is"),
    *[(f"AT#SCFG={number},1,300,90,600,50", None) for number in range(1, 7)],
    ("AT#SGACT=2,1", "no socket is tied to context 2: AT#SCFG=6,2,300,90,600,50 first"),
]
SERVICE: list[Step] = [
    ("AT+CGATT=0", None),
    ("AT#SGACT=1,1", "the module is not attached to packet service: AT+CGATT=1 first"),
    ("ATD*99***1#", "the module is not attached to packet service: AT+CGATT=1 first"),
    ("AT+COPS=2", None),
    ("AT#SGACT=1,1", "the host has ended the registration: AT+COPS=0 first"),
    ("AT+CGATT=1", "the host has ended the registration: AT+COPS=0 first"),
    ("ATD*99***1#", "the host has ended the registration: AT+COPS=0 first"),
    ("AT+CFUN=4", None),
    ("AT#SGACT=1,1", "the radio is off at functionality 4: AT+CFUN=1 first"),
    ("AT+COPS=0", "the radio is off at functionality 4: AT+CFUN=1 first"),
    ("AT#CSURV", "the radio is off at functionality 4: AT+CFUN=1 first"),
    ("AT+CFUN=1", None),
    ("AT+COPS=0", None),
    (
        'AT+COPS=1,0,"Nowhere"',
        "no network 'Nowhere' is in reach; in reach: I TIM (22201), I WIND (22288); <format> 2 takes the number",
    ),
]
DATES: list[Step] = [
    ('AT+CCLK="26/02/30,10:00:00+00"', "there is no such time: 26/02/30,10:00:00+00"),
    (
        'AT+CCLK="26/02/28,10:00:00+99"',
        "the zone +99 is not within -96 to +96 quarters of an hour",
    ),
    ('AT+CALA="26/02/28,10:00:00+00",0,0', "type is 0; 1 to 7"),
    ('AT+CALA="10:00:00+00",0,1', "a time with a date rings once, without <recurr>; one without a date needs <recurr>"),
    ("AT#FRWL=1,10.0.0.0", "the address or the mask of the rule is missing"),
    ("AT#FRWL=0,10.0.0.0,255.0.0.0", "the firewall has no such rule; its rules: none"),
    ("AT#CSURV=20,10", "the first channel 20 is above the last, 10"),
]


async def test_refusals_of_contexts_name_the_context_and_the_next_step() -> None:
    """Undefined, of another type, inactive, active, in use."""
    async with Bench("HE910", routes={"echo.lab:7": "127.0.0.1:7"}) as bench:
        assert await dialogue(bench, CONTEXTS) == CONTEXTS


async def test_refusals_without_service_name_what_keeps_the_module_from_it() -> None:
    """Radio, host, attachment; and the network itself."""
    async with Bench("HE910") as bench:
        await bench.command('AT+CGDCONT=1,"IP","internet"')
        assert await dialogue(bench, SERVICE) == SERVICE
        bench.modem.device.coverage.offer(3)
        denied: Step = ("AT#SGACT=1,1", "the network gives no service: the registration is 3 (denied)")
        assert await dialogue(bench, [denied]) == [denied]
        bench.modem.device.coverage.offer(2)
        searching = "the network gives no service: the registration is 2 (searching): "
        wait: Step = ("AT+CGATT=1", f"{searching}AT+CREG=1 and wait for +CREG: 1 or +CREG: 5 first")
        assert await dialogue(bench, [wait]) == [wait]


async def test_refused_dates_and_rules_name_what_is_wrong() -> None:
    """Times, zones, alarms, rules of the firewall, channels."""
    async with Bench("HE910") as bench:
        assert await dialogue(bench, DATES) == DATES
        count = bench.modem.device.profile.firewall.rules
        steps: list[Step] = [(f"AT#FRWL=1,10.0.0.{number},255.255.255.255", None) for number in range(count)]
        full = f"the firewall has {count} rules, and no room for more: "
        steps.append(("AT#FRWL=1,10.1.0.0,255.255.0.0", f'{full}AT#FRWL=0,"10.0.0.0","255.255.255.255" first'))
        assert await dialogue(bench, steps) == steps
