"""What answering must know of the installation; put together once, in ``basvuru.bootstrap``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cases.acknowledgement import Rules


@dataclass(frozen=True, slots=True)
class Office:
    """See ``[company]`` and ``[answers]`` in the settings."""

    company: str
    """Full name, in letters and mails."""
    short_name: str
    """Name at the end of an SMS."""
    phone: str
    from_address: str
    """Where mails come from when the applicant did not write to an address of ours."""
    owns_email: Callable[[str], bool]
    """Whether an address is one of ours that people may write to."""
    quiet: Rules
    """No SMS of ours outside of these hours; an acknowledgement has hours of its own."""
    base_url: str = ""
    address: tuple[str, ...] = ()
    """Lines of our postal address."""
    consumer_limits: Mapping[int, int] = field(default_factory=dict)
    """Year -> kuruş below which a consumer dispute goes to the arbitral committee."""
    sms_parts: int = 3
    """Most parts of an SMS that carries an answer or a question."""
    remind_after: timedelta = timedelta(days=3)
    reminders: int = 1
    call_gap: timedelta = timedelta(hours=2)
    """Two attempts to phone somebody that are nearer than this count as one hour of the day."""
    call_attempts: int = 3
    survey: bool = False
    survey_after: timedelta = timedelta(days=2)
    survey_valid: timedelta = timedelta(days=14)
    survey_rest: timedelta = timedelta(days=90)
    """Nobody is asked twice within this time."""
    survey_sms_number: str = ""
    """Number that takes SMS; empty: no survey by SMS."""
    quiet_close: timedelta = timedelta(days=15)
    """An answered application whose applicant says nothing for so long may be closed."""
