"""From the settings to what answering must know (:class:`cases.answers.office.Office`)."""

from datetime import timedelta

from cases.acknowledgement import Rules
from cases.answers.office import Office
from cases.answers.shipped import consumer_limits
from cases.person import OurSelves
from config.settings import Settings


def office(settings: Settings, base_url: str) -> Office:
    company, answers = settings.company, settings.answers
    us = OurSelves.of((*company.own_addresses, settings.mail.from_address), company.phone)
    unlimited = 1_000_000
    return Office(
        company=company.name,
        short_name=company.short_name,
        phone=company.phone,
        from_address=settings.mail.from_address,
        owns_email=us.owns_email,
        quiet=Rules(answers.quiet_from, answers.quiet_until, unlimited, unlimited),
        base_url=base_url,
        address=company.address,
        consumer_limits=consumer_limits(
            {year: lira * 100 for year, lira in answers.consumer_limits.items()}
        ),
        sms_parts=answers.sms_parts,
        remind_after=timedelta(days=answers.remind_after_days),
        reminders=answers.reminders,
        call_gap=timedelta(hours=answers.call_gap_hours),
        call_attempts=answers.call_attempts,
        survey=answers.survey,
        survey_after=timedelta(days=answers.survey_after_days),
        survey_valid=timedelta(days=answers.survey_valid_days),
        survey_rest=timedelta(days=answers.survey_rest_days),
        survey_sms_number=answers.survey_sms_number,
        quiet_close=timedelta(days=answers.quiet_close_days),
    )
