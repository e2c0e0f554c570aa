"""Errors: the module's own refusals, and the mistakes of the emulator's user.

Nothing here knows how an error looks on the line or on a screen; `at.answers` renders the first kind, `cli` the second.
"""

from enum import StrEnum

import msgspec


class Cause(StrEnum):
    """Causes of refusals, by name. The firmware profile has the number and the text of each one.

    Source: 3GPP TS 27.007 clause 9.2 for the general causes, the module's own tables for the others.
    """

    PHONE_FAILURE = "phone_failure"
    OPERATION_NOT_ALLOWED = "operation_not_allowed"
    OPERATION_NOT_SUPPORTED = "operation_not_supported"
    SIM_NOT_INSERTED = "sim_not_inserted"
    SIM_PIN_REQUIRED = "sim_pin_required"
    SIM_PUK_REQUIRED = "sim_puk_required"
    SIM_FAILURE = "sim_failure"
    SIM_BUSY = "sim_busy"
    INCORRECT_PASSWORD = "incorrect_password"
    SIM_PIN2_REQUIRED = "sim_pin2_required"
    SIM_PUK2_REQUIRED = "sim_puk2_required"
    MEMORY_FULL = "memory_full"
    MEMORY_FAILURE = "memory_failure"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_MALFORMED = "text_malformed"
    DIAL_STRING_TOO_LONG = "dial_string_too_long"
    DIAL_STRING_MALFORMED = "dial_string_malformed"
    INVALID_INDEX = "invalid_index"
    NOT_FOUND = "not_found"
    NO_NETWORK_SERVICE = "no_network_service"
    NETWORK_TIMEOUT = "network_timeout"
    SURVEY_ABORTED = "survey_aborted"
    UNKNOWN = "unknown"

    ILLEGAL_MS = "illegal_ms"
    ILLEGAL_ME = "illegal_me"
    GPRS_SERVICES_NOT_ALLOWED = "gprs_services_not_allowed"
    PLMN_NOT_ALLOWED = "plmn_not_allowed"
    LOCATION_AREA_NOT_ALLOWED = "location_area_not_allowed"
    ROAMING_NOT_ALLOWED = "roaming_not_allowed"
    SERVICE_OPTION_NOT_SUPPORTED = "service_option_not_supported"
    REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED = "requested_service_option_not_subscribed"
    SERVICE_OPTION_OUT_OF_ORDER = "service_option_out_of_order"
    UNSPECIFIED_GPRS_ERROR = "unspecified_gprs_error"
    PDP_AUTHENTICATION_FAILURE = "pdp_authentication_failure"
    INVALID_MOBILE_CLASS = "invalid_mobile_class"

    IP_GENERIC = "ip_generic"
    WRONG_STATE = "wrong_state"
    CONTEXT_ALREADY_ACTIVATED = "context_already_activated"
    STACK_ALREADY_ACTIVE = "stack_already_active"
    ACTIVATION_FAILED = "activation_failed"
    CONTEXT_NOT_OPENED = "context_not_opened"
    CANNOT_SET_UP_SOCKET = "cannot_set_up_socket"
    CANNOT_RESOLVE = "cannot_resolve"
    SOCKET_TIMEOUT = "socket_timeout"
    CONNECTION_FAILED = "connection_failed"
    TRANSMISSION_ERROR = "transmission_error"
    ALREADY_LISTENING = "already_listening"
    IP_VERSION = "ip_version"
    WRONG_PDP = "wrong_pdp"

    SSL_GENERIC = "ssl_generic"
    SSL_CANNOT_ACTIVATE = "ssl_cannot_activate"
    SSL_SOCKET_ERROR = "ssl_socket_error"
    SSL_NOT_CONNECTED = "ssl_not_connected"
    SSL_ALREADY_CONNECTED = "ssl_already_connected"
    SSL_ALREADY_ACTIVATED = "ssl_already_activated"
    SSL_NOT_ACTIVATED = "ssl_not_activated"
    SSL_SECURITY_DATA = "ssl_security_data"
    SSL_CODING = "ssl_coding"
    SSL_HANDSHAKE = "ssl_handshake"
    SSL_DISCONNECTED = "ssl_disconnected"
    SSL_IN_USE = "ssl_in_use"

    FTP_GENERIC = "ftp_generic"
    FTP_WRONG_STATE = "ftp_wrong_state"
    FTP_CANNOT_ACTIVATE = "ftp_cannot_activate"
    FTP_CANNOT_RESOLVE = "ftp_cannot_resolve"
    FTP_NO_CONTROL_SOCKET = "ftp_no_control_socket"
    FTP_CANNOT_CONNECT = "ftp_cannot_connect"
    FTP_BAD_RESPONSE = "ftp_bad_response"
    FTP_NOT_CONNECTED = "ftp_not_connected"
    FTP_ALREADY_CONNECTED = "ftp_already_connected"
    FTP_CONTEXT_DOWN = "ftp_context_down"
    FTP_USED_BY_ANOTHER = "ftp_used_by_another"
    FTP_DATA_OPEN = "ftp_data_open"
    FTP_DATA_CLOSED = "ftp_data_closed"
    FTP_NOT_OPEN = "ftp_not_open"
    FTP_WRITE_CLOSED = "ftp_write_closed"
    FTP_LOGIN = "ftp_login"
    FTP_OPEN_TIMEOUT = "ftp_open_timeout"
    FTP_COMMUNICATION_TIMEOUT = "ftp_communication_timeout"

    SMS_NOT_ALLOWED = "sms_not_allowed"
    SMS_NOT_SUPPORTED = "sms_not_supported"
    SMS_INVALID_PDU = "sms_invalid_pdu"
    SMS_INVALID_TEXT = "sms_invalid_text"
    SMS_SIM_BUSY = "sms_sim_busy"
    SMS_SIM_NOT_INSERTED = "sms_sim_not_inserted"
    SMS_SIM_PIN_REQUIRED = "sms_sim_pin_required"
    SMS_SIM_PUK_REQUIRED = "sms_sim_puk_required"
    SMS_INVALID_INDEX = "sms_invalid_index"
    SMS_MEMORY_FULL = "sms_memory_full"
    SMS_CENTRE_UNKNOWN = "sms_centre_unknown"
    SMS_NO_NETWORK_SERVICE = "sms_no_network_service"
    SMS_NOT_EXPECTED = "sms_not_expected"
    SMS_UNKNOWN = "sms_unknown"


class Need(msgspec.Struct, frozen=True):
    """What must hold before the module does what was asked; each subclass names one such fact, free of AT.

    `emulator.commands.remedies` knows the AT commands that bring each one about.
    """


class DeviceError(Exception):
    """The module refuses; the final result says so.

    A refusal with a cause is rendered as `ERROR`, `+CME ERROR: <n>` or `+CME ERROR: <text>` by +CMEE; one without is
    plain `ERROR` whatever +CMEE says, as for a command that does not exist. The reason is for the host's author: what
    is wrong, and which values or states there are; it holds no secret. The need, where there is one, becomes the next
    step behind it. Neither reaches the line.
    """

    def __init__(self, cause: Cause | None, reason: str, need: Need | None = None) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason
        self.need = need


class UserError(Exception):
    """A mistake of the emulator's user, in one line: what is wrong, where, and how to mend it.

    The command line prints it on stderr and exits with code 2; in Python it is raised from the call that was wrong.
    """
