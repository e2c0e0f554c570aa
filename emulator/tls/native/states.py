"""The transition table of a handshake: which message of the server may come when.

Source: RFC 2246 7.3 (figures 1 and 2), RFC 5077 3.3 for `new_session_ticket`.
"""

from emulator.states import Symbol, Transitions
from emulator.tls.wire.alerts import Alert, FatalError


class State(Symbol):
    """The message that the client waits for."""

    SERVER_HELLO = "server_hello"
    CERTIFICATE = "certificate"
    REQUEST_OR_DONE = "certificate_request or server_hello_done"
    DONE = "server_hello_done"
    TICKET = "new_session_ticket"
    CHANGE_CIPHER_SPEC = "change_cipher_spec"
    FINISHED = "finished"
    RESUMED_TICKET = "new_session_ticket of a resumed session"
    RESUMED_CHANGE_CIPHER_SPEC = "change_cipher_spec of a resumed session"
    RESUMED_FINISHED = "finished of a resumed session"
    OPEN = "nothing: the handshake is over"


class Event(Symbol):
    """A message of the server."""

    SERVER_HELLO = "server_hello"
    RESUMING_SERVER_HELLO = "server_hello with the session id that was offered"
    RESUMING_BEFORE_TICKET = "server_hello with the session id that was offered, and a ticket to come"
    CERTIFICATE = "certificate"
    CERTIFICATE_REQUEST = "certificate_request"
    SERVER_HELLO_DONE = "server_hello_done"
    DONE_BEFORE_TICKET = "server_hello_done, and a ticket to come"
    TICKET = "new_session_ticket"
    CHANGE_CIPHER_SPEC = "change_cipher_spec"
    FINISHED = "finished"


TRANSITIONS: Transitions[State, Event] = {
    (State.SERVER_HELLO, Event.SERVER_HELLO): State.CERTIFICATE,
    (State.SERVER_HELLO, Event.RESUMING_SERVER_HELLO): State.RESUMED_CHANGE_CIPHER_SPEC,
    (State.SERVER_HELLO, Event.RESUMING_BEFORE_TICKET): State.RESUMED_TICKET,
    (State.CERTIFICATE, Event.CERTIFICATE): State.REQUEST_OR_DONE,
    (State.REQUEST_OR_DONE, Event.CERTIFICATE_REQUEST): State.DONE,
    (State.REQUEST_OR_DONE, Event.SERVER_HELLO_DONE): State.CHANGE_CIPHER_SPEC,
    (State.REQUEST_OR_DONE, Event.DONE_BEFORE_TICKET): State.TICKET,
    (State.DONE, Event.SERVER_HELLO_DONE): State.CHANGE_CIPHER_SPEC,
    (State.DONE, Event.DONE_BEFORE_TICKET): State.TICKET,
    (State.TICKET, Event.TICKET): State.CHANGE_CIPHER_SPEC,
    (State.CHANGE_CIPHER_SPEC, Event.CHANGE_CIPHER_SPEC): State.FINISHED,
    (State.FINISHED, Event.FINISHED): State.OPEN,
    (State.RESUMED_TICKET, Event.TICKET): State.RESUMED_CHANGE_CIPHER_SPEC,
    (State.RESUMED_CHANGE_CIPHER_SPEC, Event.CHANGE_CIPHER_SPEC): State.RESUMED_FINISHED,
    (State.RESUMED_FINISHED, Event.FINISHED): State.OPEN,
}
"""All that may come; whatever it does not list ends the session with unexpected_message."""


def unexpected(state: State, event: Event) -> FatalError:
    """Return the error of a message that may not come now."""
    return FatalError(Alert.UNEXPECTED_MESSAGE, f"the server sent {event.value} where {state.value} was due")
