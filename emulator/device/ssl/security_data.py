"""Keep certificates and the private key in NVM. Guide 2.2.2 and 3.3."""

from emulator.device.ssl.item import DataType, Format, SecurityItem
from emulator.device.ssl.memory import SecureSocketMemory
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile


class SecurityDataStore:
    """Data of #SSLSECDATA of one secure socket; each item is checked when it is written."""

    def __init__(self, profile: SecureSocketProfile, memory: SecureSocketMemory) -> None:
        self._profile = profile
        self._memory = memory

    def __repr__(self) -> str:
        return f"<SecurityDataStore {', '.join(kind.name for kind in DataType if self.get(kind))}>"

    def get(self, kind: DataType) -> SecurityItem | None:
        """Return what is stored; None when nothing is."""
        return self._memory.settings.security_data.get(kind)

    def delete(self, kind: DataType) -> None:
        """Delete it; harmless when nothing is stored.

        Raises:
            DeviceError: the memory fails.
        """
        if self.get(kind) is not None:
            stored = self._memory.settings.security_data
            self._memory.change(security_data={other: item for other, item in stored.items() if other != kind})

    def write(self, kind: DataType, data: bytes, form: Format) -> None:
        """Store `data`, entered as `PEM` or `DER`.

        Raises:
            DeviceError: it is no certificate or private key of a form that this firmware takes, or too long; or the
                memory fails.
        """
        refusals, limits = self._profile.refusals, self._profile.security_data
        if len(data) > limits.size_limit:
            raise DeviceError(refusals.too_long, f"{len(data)} bytes; this firmware stores at most {limits.size_limit}")
        if form == "PEM":
            self._check_text(data)
        if form == "DER" and not limits.choosable:
            raise DeviceError(refusals.security_data, "this firmware takes PEM only")
        item = SecurityItem(form, data)
        count = len(self._decode(kind, item))
        if kind is DataType.CA_CERTIFICATE and count > limits.ca_certificates:
            reason = f"{count} CA certificates are in the text; this firmware keeps at most {limits.ca_certificates}"
            raise DeviceError(refusals.too_long, reason)
        self._memory.change(security_data={**self._memory.settings.security_data, kind: item})

    def _check_text(self, data: bytes) -> None:
        from emulator.tls.security_data import behind_pem_blocks

        cause, limits = self._profile.refusals.security_data, self._profile.security_data
        if b"\r" in data and not limits.carriage_returns:
            raise DeviceError(cause, "the text has CR; lines of a PEM text end with LF alone on this firmware")
        trailing = behind_pem_blocks(data)
        if trailing and not limits.trailing_text:
            raise DeviceError(
                cause, f"{len(trailing)} bytes stand behind an END line; nothing may, but another BEGIN line"
            )

    def certificates(self, kind: DataType) -> tuple[bytes, ...]:
        """Return the stored certificates as DER, in their order; empty when none is stored.

        Raises:
            DeviceError: it was stored by another firmware, and this one does not accept it.
        """
        item = self.get(kind)
        return self._decode(kind, item) if item is not None else ()

    def private_key(self) -> bytes | None:
        """Return the stored private key as DER; None when none is stored.

        Raises:
            DeviceError: as for `certificates`.
        """
        item = self.get(DataType.PRIVATE_KEY)
        return self._decode(DataType.PRIVATE_KEY, item)[0] if item is not None else None

    def _decode(self, kind: DataType, item: SecurityItem) -> tuple[bytes, ...]:
        from emulator.tls import security_data  # cryptography is loaded when the first certificate is looked at

        try:
            if kind is DataType.PRIVATE_KEY:
                formats = self._profile.security_data
                key = security_data.parse_private_key(item.data, item.format, formats.private_keys, formats.key_kinds)
                return (key,)
            return security_data.parse_certificates(item.data, item.format)
        except ValueError as error:
            raise DeviceError(self._profile.refusals.security_data, str(error)) from error
