"""Lines of #MONI, #SERVINFO and #RFSTS for a cell of E-UTRAN. AT Commands Reference Guides of the lines with LTE."""

import msgspec

from emulator.firmware.schema.eutran import EutranCell


class Reception(msgspec.Struct, frozen=True):
    """What is received of a cell, and whose it is."""

    cell: EutranCell
    power: int
    """RSSI in dBm."""
    name: str
    """The operator's; empty while the module is not registered."""
    number: str
    imsi: str
    service_domain: int

    @property
    def reference_power(self) -> int:
        """RSRP in dBm."""
        return round(self.power + self.cell.reference_ratio)

    def monitored(self) -> str:
        """Format the cell for #MONI, without the name of the network."""
        cell = self.cell
        values = {
            "RSRP": str(self.reference_power),
            "RSRQ": str(round(cell.quality)),
            "TAC": cell.tracking_area,
            "Id": cell.cell,
            "EARFCN": str(cell.channel),
            "PWR": f"{self.power}dbm",
            "DRX": str(cell.paging_cycle),
            "pci": str(cell.physical_cell),
            "QRxLevMin": str(cell.least_level),
        }
        return " ".join(f"{field}:{values[field]}" for field in cell.answers.monitor)

    def served(self) -> str:
        """Format the cell for #SERVINFO."""
        cell = self.cell
        identity = cell.cell if cell.answers.served == "cell" else f"{cell.physical_cell:07X}"
        return (
            f'{cell.channel},{self.power},"{self.name}","{self.number}",{identity},{cell.tracking_area},'
            f"{cell.paging_cycle},{self.service_domain},{self.reference_power}"
        )

    def status(self) -> str:
        """Format the cell for #RFSTS."""
        cell = self.cell
        sent = cell.transmission_power
        values = {
            "PLMN": f'"{self.number[:3]} {self.number[3:]}"' if self.number else "",
            "EARFCN": cell.channel,
            "RSRP": self.reference_power,
            "RSSI": self.power,
            "RSRQ": round(cell.quality),
            "TAC": cell.tracking_area,
            "RAC": cell.routing_area,
            "TXPWR": "" if sent is None else sent,
            "DRX": cell.paging_cycle,
            "MM": cell.mobility_state,
            "RRC": cell.radio_state,
            "CID": cell.cell,
            "IMSI": f'"{self.imsi}"',
            "NetNameAsc": f'"{self.name}"',
            "SD": self.service_domain,
            "ABND": cell.band,
            "T3402": cell.timers[0],
            "T3412": cell.timers[1],
            "SINR": cell.noise_ratio,
        }
        return ",".join(str(values[field]) for field in cell.answers.status)
