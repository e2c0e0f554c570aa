"""The MQTT commands, against the lab's broker: forms, states, messages both ways."""

from collections.abc import AsyncIterator, Iterator

import pytest

from emulator.lab.mqtt_broker import MqttBroker, PublishedMessage
from emulator.testing import Bench
from tests.commands.mqtt_bench import (
    BROKER,
    CONFIGURE,
    CONNECT,
    mqtt_bench,
    packets,
    read,
    rung,
    rung_at_the_prompt,
)
from tests.commands.peer import eventually
from tests.commands.ssl_bench import ERROR, OK, cme, information, succeed

NOT_ALLOWED, NOT_SUPPORTED = cme(3), cme(4)


@pytest.fixture
def broker() -> Iterator[MqttBroker]:
    with MqttBroker() as broker:
        yield broker


@pytest.fixture
async def bench(broker: MqttBroker) -> AsyncIterator[Bench]:
    async with mqtt_bench(broker.port) as bench:
        yield bench


FORMS = {
    "AT#MQEN=?": "(1-2),(0-1)",
    "AT#MQCFG=?": "(1-2),512,(1-65535),(1-6),(0-1)",
    "AT#MQSUB=?": "(1-2),256",
}
"""As a module of a later line answers."""


async def test_the_test_forms_are_those_of_a_module(bench: Bench) -> None:
    for line, values in FORMS.items():
        assert information(f"{line[2:-2]}: {values}") == await bench.command(line)


@pytest.mark.parametrize("model", ["GE865-QUAD", "HE910", "LE910", "LE910-V2"])
async def test_a_line_without_mqtt_has_none_of_its_commands(model: str) -> None:
    """Nothing public says that these have it."""
    async with Bench(model) as bench:
        for name in ("EN", "CFG", "CFG2", "TCFG", "WCFG", "CONN", "SUB", "UNS", "PUBS", "PUBSEXT", "READ", "DISC"):
            assert ERROR == await bench.command(f"AT#MQ{name}=?")


@pytest.mark.parametrize(("model", "shown"), [("ME910C1", "1,a.example,1884"), ("LE910C1", "1,a.example,1884,2,0")])
async def test_the_configuration_is_shown_as_far_as_the_line_shows_it(model: str, shown: str) -> None:
    """The server without quotes, as in a log."""
    async with Bench(model) as bench:
        await succeed(bench, "AT#MQEN=1,1", 'AT#MQCFG=1,"a.example",1884,2')
        assert f"\r\n#MQCFG: {shown}\r\n" in await bench.command("AT#MQCFG?")


async def test_settings_are_kept_through_a_power_cut(bench: Bench) -> None:
    """That an instance is enabled is not."""
    await succeed(bench, "AT#MQCFG2=1,30,0", "AT#MQTCFG=1,20", 'AT#MQWCFG=1,1,1,2,"a/b","gone"')
    bench.modem.device.power.off()
    bench.modem.device.power.on()
    await bench.advance(60)
    bench.read()
    await bench.command("ATE0")

    assert information("#MQEN: 1,0", "#MQEN: 2,0") == await bench.command("AT#MQEN?")
    for line in (f"#MQCFG: 1,{BROKER},1883,1,0", "#MQCFG2: 1,30,0", "#MQTCFG: 1,20", "#MQWCFG: 1,1,1,2,a/b,gone"):
        assert f"\r\n{line}\r\n" in await bench.command(f"AT{line.partition(':')[0]}?")


async def test_a_value_that_is_left_out_stays(bench: Bench) -> None:
    await succeed(bench, "AT#MQCFG2=1,30,0", "AT#MQCFG2=1,40", 'AT#MQWCFG=1,1,1,2,"a","b"', "AT#MQWCFG=1,0")
    assert "#MQCFG2: 1,40,0\r\n" in await bench.command("AT#MQCFG2?")
    assert "#MQWCFG: 1,0,1,2,a,b\r\n" in await bench.command("AT#MQWCFG?")


async def test_a_message_goes_out_and_comes_back(bench: Bench, broker: MqttBroker) -> None:
    """Retained or not, with each QoS; the URC names instance, message, topic and length."""
    await succeed(bench, CONNECT)
    assert information("#MQCONN: 1,1", "#MQCONN: 2,0") == await bench.command("AT#MQCONN?")
    await succeed(bench, 'AT#MQSUB=1,"in/+"')
    for qos in range(3):
        assert f"1,{qos + 1},in/a,5" == await rung(bench, f'AT#MQPUBS=1,"in/a",{qos // 2},{qos},"hello"')
    assert [PublishedMessage("in/a", b"hello", qos, qos == 2) for qos in range(3)] == broker.messages

    assert information("#MQREAD: 1,3", "#MQREAD: 2,0") == await bench.command("AT#MQREAD?")
    assert "\r\n#MQREAD: 1,in/a,5\r\n<<<hello" + OK == await bench.command("AT#MQREAD=1,2")
    assert NOT_ALLOWED == await bench.command("AT#MQREAD=1,2")
    assert information("#MQREAD: 1,2", "#MQREAD: 2,0") == await bench.command("AT#MQREAD?")
    assert "1,2,in/b,0" == await rung(bench, 'AT#MQPUBS=1,"in/b",0,0,""')

    await succeed(bench, 'AT#MQUNS=1,"in/+"', 'AT#MQPUBS=1,"in/a",0,1,"unheard"', "AT#MQDISC=1")
    assert information("#MQCONN: 1,0", "#MQCONN: 2,0") == await bench.command("AT#MQCONN?")
    assert ("in/a", b"hello") == await read(bench, 1)
    assert NOT_ALLOWED == await bench.command("AT#MQDISC=1")


async def test_bytes_of_any_value_go_out_at_the_prompt(bench: Bench, broker: MqttBroker) -> None:
    """Exactly as many as were announced; no Ctrl-Z, ESC or BS means anything."""
    data = bytes(range(256)) * 4
    await succeed(bench, CONNECT, 'AT#MQSUB=1,"t"')
    assert "1,1,t,1024" == await rung_at_the_prompt(bench, data, "t")
    assert data == broker.messages[0].payload
    assert ("t", data) == await read(bench)


async def test_topics_and_texts_are_utf_8(bench: Bench, broker: MqttBroker) -> None:
    """What the host types passes byte for byte, and so does what it reads."""
    topic, text = "straße/温度", "21 °C"
    await succeed(bench, CONNECT, f'AT#MQSUB=1,"{topic}"'.encode().decode("latin-1"))
    shown = await rung(bench, f'AT#MQPUBS=1,"{topic}",0,1,"{text}"'.encode().decode("latin-1"))

    assert f"1,1,{topic},{len(text.encode())}" == shown.encode("latin-1").decode()
    assert [PublishedMessage(topic, text.encode(), 1)] == broker.messages
    found, data = await read(bench)
    assert (topic, text.encode()) == (found.encode("latin-1").decode(), data)


async def test_a_topic_from_elsewhere_may_have_quotes(bench: Bench, broker: MqttBroker) -> None:
    """A host has no way to type them, and reads them as they are."""
    await succeed(bench, CONNECT, 'AT#MQSUB=1,"#"')
    broker.publish('a "b",c', b"x")
    assert '1,1,a "b",c,1' == await rung(bench)
    assert ('a "b",c', b"x") == await read(bench)


async def test_the_account_is_checked_by_the_broker(bench: Bench, broker: MqttBroker) -> None:
    """Its refusal is the module's; the next attempt may succeed."""
    broker.accounts = {"user": "secret"}
    for account in ("", ',"user","wrong"', ',"user"'):
        assert cme(562) == await bench.command(CONNECT + account)
        assert "#MQCONN: 1,0" in await bench.command("AT#MQCONN?")
    await succeed(bench, CONNECT + ',"user","secret"')
    assert 'CONNECT client "module", keep-alive 60 s, clean session, user "user", password ***' in packets(bench)[-2]


async def test_the_broker_may_refuse_a_subscription(bench: Bench, broker: MqttBroker) -> None:
    broker.refused = ["secret"]
    await succeed(bench, CONNECT)
    assert cme(562) == await bench.command('AT#MQSUB=1,"secret"')
    await succeed(bench, 'AT#MQSUB=1,"open"')


async def test_a_kept_session_delivers_what_has_come_meanwhile(bench: Bench, broker: MqttBroker) -> None:
    """With clean session 0, and the same client id; one that is clean forgets the subscriptions."""
    await succeed(bench, "AT#MQCFG2=1,60,0", CONNECT, 'AT#MQSUB=1,"t"', "AT#MQDISC=1")
    broker.publish("t", b"meanwhile", 1)
    assert "1,1,t,9" == await rung(bench, CONNECT)
    await succeed(bench, "AT#MQDISC=1", "AT#MQCFG2=1,60,1", CONNECT)
    broker.publish("t", b"again", 1)
    await succeed(bench, 'AT#MQPUBS=1,"other",0,1,"x"')
    assert information("#MQREAD: 1,1", "#MQREAD: 2,0") == await bench.command("AT#MQREAD?")


async def test_the_will_is_published_when_the_module_is_lost(bench: Bench, broker: MqttBroker) -> None:
    """Not by #MQDISC, which says good-bye; with the power, it goes without a word."""
    await succeed(bench, 'AT#MQWCFG=1,1,1,2,"status","lost"', CONNECT, "AT#MQDISC=1", CONNECT)
    assert [] == broker.messages
    bench.modem.device.power.off()
    await eventually(lambda: bool(broker.messages), "the will is published")
    assert [PublishedMessage("status", b"lost", 2, True)] == broker.messages


async def test_a_retained_message_comes_with_the_subscription(bench: Bench, broker: MqttBroker) -> None:
    await succeed(bench, CONNECT, 'AT#MQPUBS=1,"t",1,1,"kept"')
    assert "1,1,t,4" == await rung(bench, 'AT#MQSUB=1,"t"')
    assert ("t", b"kept") == await read(bench)


async def test_an_empty_client_id_is_the_brokers_choice(bench: Bench) -> None:
    """It cannot keep a session for such a client."""
    await succeed(bench, 'AT#MQCONN=1,""', "AT#MQDISC=1", "AT#MQCFG2=1,60,0")
    assert NOT_SUPPORTED == await bench.command('AT#MQCONN=1,""')


async def test_each_state_refuses_what_it_does_not_allow(bench: Bench) -> None:
    used = ['AT#MQSUB=1,"t"', 'AT#MQUNS=1,"t"', 'AT#MQPUBS=1,"t",0,0,"x"', 'AT#MQPUBSEXT=1,"t",0,0,1', "AT#MQDISC=1"]
    settings = [CONFIGURE, "AT#MQCFG2=1,60,1", "AT#MQTCFG=1,10", "AT#MQWCFG=1,0"]
    for line in [*used, "AT#MQEN=1,1"]:
        assert NOT_ALLOWED == await bench.command(line), line
    await succeed(bench, CONNECT)
    for line in [*settings, CONNECT, "AT#MQEN=1,1"]:
        assert NOT_ALLOWED == await bench.command(line), line
    await succeed(bench, "AT#MQEN=1,0")
    for line in [*used, *settings, CONNECT, "AT#MQREAD=1,1", "AT#MQEN=1,0"]:
        assert NOT_ALLOWED == await bench.command(line), line


async def test_disabling_ends_the_connection_and_forgets_the_messages(bench: Bench, broker: MqttBroker) -> None:
    await succeed(bench, CONNECT, 'AT#MQSUB=1,"t"')
    await rung(bench, 'AT#MQPUBS=1,"t",0,1,"x"')
    await succeed(bench, "AT#MQEN=1,0")
    await eventually(lambda: not broker.sessions, "the broker has seen it go")
    assert packets(bench)[-1] == "> DISCONNECT"
    await succeed(bench, "AT#MQEN=1,1")
    assert information("#MQREAD: 1,0", "#MQREAD: 2,0") == await bench.command("AT#MQREAD?")


MALFORMED = ['AT#MQPUBS=1,"a/+",0,0,"x"', 'AT#MQPUBS=1,"",0,0,"x"', 'AT#MQSUB=1,"a#"', 'AT#MQUNS=1,""']


async def test_what_mqtt_cannot_carry_is_refused_before_it_is_sent(bench: Bench) -> None:
    await succeed(bench, CONNECT)
    before = packets(bench)
    for line in MALFORMED:
        assert NOT_SUPPORTED == await bench.command(line), line
    assert NOT_SUPPORTED == await bench.command(f'AT#MQSUB=1,"{"t" * 257}"')
    assert before == packets(bench)
    await succeed(bench, "AT#MQDISC=1")
    assert NOT_SUPPORTED == await bench.command('AT#MQWCFG=1,1,0,0,"","x"')
