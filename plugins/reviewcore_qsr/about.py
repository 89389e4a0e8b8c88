"""What a quality service review is and needs: its lists, its people, its meetings."""

from __future__ import annotations

from reviewcore.api import Field, MilestoneKind, ReviewType, Source
from reviewcore_qsr.settings import SETTINGS_OF_A_CASE, Settings

CASES = Source(
    "cases",
    (
        Field("setting", "choice", "setting", SETTINGS_OF_A_CASE, titles=("In-home", "Out-of-home")),
        Field("service_area", "choice", "service area", setting="service_areas"),
        Field("age", "number", "age of the child or youth, in years"),
        Field("formal_school", "flag", "in formal school"),
    ),
    "every open case of the agency, with the worker who carries it",
)

FAMILY = (
    "child or youth", "mother", "father", "substitute caregiver", "other family",
)  # fmt: skip
"""Those who are interviewed only where their consent is on record (ALL-1)."""

PARTNERS = (
    "supervisor", "child's attorney", "parent's attorney", "agency attorney", "court advocate", "therapist",
    "doctor or nurse", "school staff", "service provider", "probation officer", "other professional",
)  # fmt: skip

KEY_PEOPLE = Source(
    "key_people",
    (),
    "the key people of each drawn case, once the draw is made",
    kind="key people",
    roles=(*FAMILY, *PARTNERS),
    consent=FAMILY,
)

STAFF = ("caseworker", "supervisor", "manager")
"""Roles whose own supervisor gets a copy of a focus-group invitation (QSR-8); nobody else is copied."""

ROLES = (
    *STAFF, "reviewer", "facilitator", "coordinator", "service provider", "legal advocate", "foster parent",
    "parent", "youth", "court staff", "school staff", "community partner",
)  # fmt: skip

GROUPS = 8
"""How many focus groups the profile can set a meeting for."""

MILESTONES = (
    MilestoneKind("orientation", "the orientation for staff and partners"),
    MilestoneKind("training", "the training of the reviewers"),
    *(MilestoneKind(f"group_{n}", "a focus group", required=False) for n in range(1, GROUPS + 1)),
    MilestoneKind("exit_conference", "the exit conference"),
    MilestoneKind("next_steps", "the next-steps meeting"),
)

ABOUT = ReviewType(
    name="qsr",
    title="Quality Service Review",
    settings=Settings,
    sources=(CASES, KEY_PEOPLE),
    milestones=MILESTONES,
    roles=ROLES,
)
