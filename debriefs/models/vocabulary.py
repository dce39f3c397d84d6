"""The words that facts and lessons are chosen from.

Sources: the National Referral Mechanism's exploitation types, the Modern Slavery Act 2015 and the
Acts of Scotland and Northern Ireland, ISO 3166 for countries, the programme's nine themes,
Government Security Classifications for markings.
"""

from __future__ import annotations

from django.db import models

from portal.models import Keyed, KeyedManager


class Theme(Keyed):
    """One of the programme's lines of learning, with what has been learned so far in Markdown."""

    question = models.CharField(max_length=200)
    learned = models.TextField()

    objects = KeyedManager["Theme"]()


class ExploitationType(Keyed):
    """How a person was exploited, in the words of the National Referral Mechanism."""

    objects = KeyedManager["ExploitationType"]()


class Offence(Keyed):
    """An offence, with the Act and section it is an offence against."""

    statute = models.CharField(max_length=160)

    objects = KeyedManager["Offence"]()


class Country(Keyed):
    """A country; its key is its ISO 3166-1 alpha-2 code in lower case."""

    objects = KeyedManager["Country"]()


class DebriefKind(models.TextChoices):
    """How the debrief was held."""

    HOT = "hot", "Hot debrief"
    STRUCTURED = "structured", "Structured debrief"
    MULTI_AGENCY = "multi-agency", "Multi-agency debrief"


class Band(models.TextChoices):
    """How many people, no more exactly than is safe to say."""

    ONE = "1", "1"
    FEW = "2-5", "2 to 5"
    SEVERAL = "6-10", "6 to 10"
    MANY = "11-25", "11 to 25"
    LARGE = "26-50", "26 to 50"
    OVER_50 = "over-50", "More than 50"
    NOT_KNOWN = "not-known", "Not stated"


class Proceedings(models.TextChoices):
    """How far the case has gone."""

    INVESTIGATION = "investigation", "Under investigation"
    CHARGED = "charged", "Charged, awaiting trial"
    TRIAL = "trial", "At trial"
    CONCLUDED = "concluded", "Concluded"
    NO_CHARGE = "no-charge", "Ended without charge"
    NOT_STATED = "not-stated", "Not stated"


class Marking(models.TextChoices):
    """The security classification; OFFICIAL-SENSITIVE is a part of OFFICIAL."""

    OFFICIAL = "OFFICIAL", "OFFICIAL"
    SENSITIVE = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"


class Heading(models.TextChoices):
    """The headings of a debrief, in the order in which it is read."""

    PUBLIC_SUMMARY = "public-summary", "Public summary"
    OVERVIEW = "overview", "Overview"
    INTELLIGENCE = "intelligence", "Intelligence and origin"
    PARTNERS = "partners", "Partners"
    PLANNING = "planning", "Planning and arrest day"
    RECEPTION_CENTRE = "reception-centre", "Reception centre and safeguarding"
    VICTIM_STRATEGY = "victim-strategy", "Victim strategy and NRM"
    INTERVIEWING = "interviewing", "Interviewing (ABE) and interpreters"
    FINANCIAL = "financial", "Financial"
    DIGITAL = "digital", "Digital"
    COVERT = "covert", "Covert"
    DISCLOSURE = "disclosure", "Disclosure"
    CPS_CHARGE = "cps-charge", "CPS and charge"
    TRIAL = "trial", "Trial and orders"
    WELFARE = "welfare", "Welfare of staff"
    WHAT_WORKED = "what-worked", "What worked"
    WHAT_DID_NOT = "what-did-not", "What did not"
    WHAT_WE_WOULD_CHANGE = "what-we-would-change", "What we would change"
    RECOMMENDATIONS = "recommendations", "Recommendations and owners"


class Reader(models.TextChoices):
    """The roles in an investigation that a lesson is for."""

    SIO = "sio", "Senior investigating officer"
    DEPUTY_SIO = "deputy-sio", "Deputy SIO"
    OIC = "oic", "Officer in the case"
    PIP2 = "pip2", "PIP2 investigator"
    ABE_INTERVIEWER = "abe-interviewer", "ABE interviewer"
    VICTIM_LIAISON = "victim-liaison", "Victim liaison or navigator"
    FINANCIAL_INVESTIGATOR = "financial-investigator", "Financial investigator"
    ANALYST = "analyst", "Analyst"
    DISCLOSURE_OFFICER = "disclosure-officer", "Disclosure officer"
    EXHIBITS_OFFICER = "exhibits-officer", "Exhibits officer"
    DIGITAL_MEDIA_INVESTIGATOR = "digital-media-investigator", "Digital media investigator"
    CALL_HANDLER = "call-handler", "Call handler"
    RESPONSE_OFFICER = "response-officer", "Response officer"
    TACTICAL_ADVISER = "tactical-adviser", "Tactical adviser"
    PROSECUTOR = "prosecutor", "Prosecutor"
    COMMANDER = "commander", "Commander"


class Evidence(models.TextChoices):
    """How strong the evidence for a lesson is."""

    SINGLE = "single", "Seen in this operation"
    REPEATED = "repeated", "Seen here and elsewhere"
    TESTED = "tested", "Tested at court or in review"


class Worked(models.TextChoices):
    """Whether what a lesson is about worked."""

    YES = "yes", "Worked"
    PARTLY = "partly", "Partly worked"
    NO = "no", "Did not work"


class ParticipationPart(models.TextChoices):
    """What an organisation did in the operation."""

    LEAD = "lead", "Lead"
    SUPPORTING = "supporting", "Supporting"
    PARTNER = "partner", "Partner"
