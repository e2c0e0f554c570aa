"""The position: $GPSACP. AT Commands Reference Guide."""

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.gnss.report import GnssReport, knots, latitude, longitude

position = Command("$GPSACP", source="AT Commands Reference Guide", requires="gnss.software", test=no_values)

_OFF = 0


@position.execute
@position.read
def show_position(at: Context) -> Information:
    """Show time, place, precision, altitude, kind of fix, course, speed twice, date and number of satellites."""
    gnss, profile = at.device.gnss, at.profile.gnss
    if not gnss.is_on and profile.off == "error":
        gnss.check_power()
    report = gnss.report()
    if report.place is not None:
        fields = _with_fix(report, profile.decimals)
    else:
        fix = profile.searching if gnss.is_on else _OFF
        known = report if profile.time_without_fix else GnssReport(None, None)
        satellites = "00" if known.moment is not None else ""
        fields = [known.time, "", "", "", "", str(fix), "", "", "", known.date, satellites]
    return Information.of(f"$GPSACP: {','.join(fields)}")


def _with_fix(report: GnssReport, decimals: int) -> list[str]:
    place = report.place
    assert place is not None, "there is a fix"
    motion = [f"{value:.{decimals}f}" for value in (place.course, place.speed, knots(place))]
    where = ["".join(latitude(place)), "".join(longitude(place)), f"{place.dilution:.1f}", f"{place.altitude:.1f}"]
    return [report.time, *where, str(place.fix), *motion, report.date, f"{place.satellites:02d}"]
