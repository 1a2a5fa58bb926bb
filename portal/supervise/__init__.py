"""Pages of those who see to it that the work goes right: reports, rules, calendar, actions,
letters, open duties, who is away, outside proceedings, data protection."""

from portal.supervise import (
    absences,
    accuracy,
    actions,
    approvals,
    calendar_pages,
    conflicts,
    data_protection,
    day,
    deadline_rules,
    drill,
    duties,
    letters,
    policies,
    proceedings,
    query,
    reports,
    rules,
    sample,
    survey_results,
    taxonomy_pages,
    text_pages,
)

PAGES = (
    *(drill, query, policies, sample, survey_results, reports),
    *(accuracy, approvals, deadline_rules, taxonomy_pages, rules, text_pages),
    *(calendar_pages, day, actions, letters, duties),
    *(absences, conflicts, proceedings, data_protection),
)
"""Modules with a router, for portal.app; fixed addresses before those that take an id."""
