"""What should be written here? Headings to begin with, and questions that help to fill them.

For whoever writes at the end of a long day: each heading has a few questions in the words of an
investigation. Nobody has to answer them, and none of them asks for a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from debriefs.models.vocabulary import DebriefKind, Heading


@dataclass(frozen=True, slots=True)
class Guide:
    """What belongs under a heading or in a field, and questions that bring it out."""

    about: str
    questions: tuple[str, ...]


#: The headings with which a debrief of each kind begins; others are added as they are needed.
TEMPLATES: dict[str, tuple[Heading, ...]] = {
    DebriefKind.HOT: (
        Heading.OVERVIEW,
        Heading.PLANNING,
        Heading.RECEPTION_CENTRE,
        Heading.WELFARE,
        Heading.WHAT_WORKED,
        Heading.WHAT_DID_NOT,
        Heading.WHAT_WE_WOULD_CHANGE,
    ),
    DebriefKind.STRUCTURED: (
        Heading.OVERVIEW,
        Heading.INTELLIGENCE,
        Heading.PARTNERS,
        Heading.PLANNING,
        Heading.VICTIM_STRATEGY,
        Heading.INTERVIEWING,
        Heading.FINANCIAL,
        Heading.DIGITAL,
        Heading.DISCLOSURE,
        Heading.CPS_CHARGE,
        Heading.TRIAL,
        Heading.WELFARE,
        Heading.WHAT_WORKED,
        Heading.WHAT_DID_NOT,
        Heading.WHAT_WE_WOULD_CHANGE,
        Heading.RECOMMENDATIONS,
    ),
    DebriefKind.MULTI_AGENCY: (
        Heading.OVERVIEW,
        Heading.INTELLIGENCE,
        Heading.PARTNERS,
        Heading.PLANNING,
        Heading.RECEPTION_CENTRE,
        Heading.VICTIM_STRATEGY,
        Heading.CPS_CHARGE,
        Heading.WELFARE,
        Heading.WHAT_WORKED,
        Heading.WHAT_DID_NOT,
        Heading.WHAT_WE_WOULD_CHANGE,
        Heading.RECOMMENDATIONS,
    ),
}

#: When each kind is the right one.
KINDS: dict[str, str] = {
    DebriefKind.HOT: "Held within days of the arrest phase, while people still remember it.",
    DebriefKind.STRUCTURED: "The whole investigation, usually once the court has finished.",
    DebriefKind.MULTI_AGENCY: "Held together with the partners who were part of the operation.",
}

SECTIONS: dict[str, Guide] = {
    Heading.PUBLIC_SUMMARY: Guide(
        "What anybody may read, victims, their families and newspapers among them.",
        (
            "What happened, in three sentences that someone outside the police would follow?",
            "Which of this was said in open court, or in a statement cleared for the press?",
            "What should a reader notice in their own street or workplace, and whom should they "
            "tell?",
            "Could somebody who knows a victim work out from this who it is?",
        ),
    ),
    Heading.OVERVIEW: Guide(
        "The whole operation on half a page, for a reader who has two minutes.",
        (
            "What was going on, in what sort of place, and for how long before we knew?",
            "How were people recruited, moved, housed and kept under control?",
            "What are the five or six dates that tell the story, from first report to outcome?",
            "Which one decision shaped everything that came after it?",
            "How did it end: who was made safe, what was charged, which orders were made?",
        ),
    ),
    Heading.INTELLIGENCE: Guide(
        "How it came to notice, and how a report became an investigation.",
        (
            "What was the very first sign, in what role did somebody notice it, and how long "
            "before anyone acted?",
            "What did our own systems already hold that nobody had put together?",
            "Which line of development paid off, and which cost weeks and gave nothing?",
            "What tipped it into a live investigation, and was that too soon, too late or right?",
        ),
    ),
    Heading.PARTNERS: Guide(
        "Who else was in it, from when, and what that changed.",
        (
            "Who was round the table at the start, and who joined later than they should have?",
            "What was the agreement for sharing information, and where did it stick?",
            "Which partner could do something that we could not have done ourselves?",
            "When the lead passed from one agency to another, did everybody know?",
            "What was promised and did not come, on either side?",
        ),
    ),
    Heading.PLANNING: Guide(
        "The plan for the arrest phase, and what happened to it.",
        (
            "How was the day chosen, and what would have made the commander move it?",
            "Were searchers, custody, interviewers and interpreters in the right places in the "
            "right numbers?",
            "At the door, how was a victim told from a suspect, and what if somebody was both?",
            "What was different from the plan in the first two hours, and who decided what to do?",
            "Which line of the briefing did officers remember, and which had gone by the door?",
        ),
    ),
    Heading.RECEPTION_CENTRE: Guide(
        "Where people were taken, how they were met, and whether they stayed.",
        (
            "What sort of building was it, when did it open, and how long could it have run?",
            "Who spoke to people first, in which language, and what did they say would happen "
            "next?",
            "How were people who controlled others kept from mixing with them?",
            "What was there to eat, to wear and to sleep on, and who saw to medicine and phones?",
            "How many left within a day, and what might have kept them?",
        ),
    ),
    Heading.VICTIM_STRATEGY: Guide(
        "What was decided for and about victims, by whom, and how the referral went.",
        (
            "Who owned the victim strategy, and was it written before the first arrest?",
            "Who explained the NRM to adults so that consent meant something, and what was done "
            "for those who said no?",
            "How was the case built to stand without a victim in the witness box?",
            "Where people had been made to offend, when was the section 45 defence considered?",
            "Who kept in touch between the arrests and the trial, and how often?",
        ),
    ),
    Heading.INTERVIEWING: Guide(
        "First accounts, ABE interviews, and the people who interpreted them.",
        (
            "What was asked in the first account, and what was rightly left for the ABE interview?",
            "How were interpreters found and vetted, and were dialect and community thought of?",
            "What reached people who did not see themselves as victims?",
            "When were intermediaries and special measures considered, and was it in time?",
            "What about the room, the breaks or the recording would you change?",
        ),
    ),
    Heading.FINANCIAL: Guide(
        "What the money showed, and what was taken back.",
        (
            "When did a financial investigator join, and what would a month earlier have given?",
            "How did money move: wages, rent, debts, transfers, accounts opened for other people?",
            "What did the money prove that no witness could?",
            "What was restrained, confiscated or paid to victims, and what slipped away?",
        ),
    ),
    Heading.DIGITAL: Guide(
        "Phones, adverts, accounts and cell sites: what they gave, and when.",
        (
            "How were devices put in order of urgency, and how long until the first result?",
            "What did messages, adverts and movements show about control?",
            "On what basis were victims' own phones taken, and how soon did they have them back?",
            "What came too late for interview, for charge or for disclosure?",
        ),
    ),
    Heading.COVERT: Guide(
        "What covert work gave the case. Leave out methods, sources, dates and capabilities.",
        (
            "What could be proved because of it that otherwise rested on a victim's word?",
            "Was a specialist asked early enough to shape the strategy?",
            "While it went on, what would have made us step in at once, and who was to decide?",
            "What should the next team ask its own specialists, without our saying how it is done?",
        ),
    ),
    Heading.DISCLOSURE: Guide(
        "How material was found, recorded and disclosed, and what nearly went wrong.",
        (
            "When was a disclosure officer appointed, and did they have anything else to do?",
            "Who held third-party material, such as social care, support workers or the NRM, and "
            "how was it reached?",
            "What did the disclosure management document say early on that saved time later?",
            "Which kind of material came closest to stopping the case?",
        ),
    ),
    Heading.CPS_CHARGE: Guide(
        "Working with the prosecutor, from the first conversation to the charge.",
        (
            "When did the Complex Casework Unit first hear of it, and what changed because of "
            "that?",
            "Which offences were weighed against each other, and why were these the ones?",
            "What did the prosecutor ask for that we could have had ready?",
            "How was the evidence put together for victims who would not give any?",
        ),
    ),
    Heading.TRIAL: Guide(
        "What court made of it, and which orders came out.",
        (
            "How long was it from charge to verdict, and what did the wait do to witnesses?",
            "What did the defence go for, and what held?",
            "Which special measures were asked for, and which made the difference?",
            "Which orders were made, such as prevention, reparation or confiscation, and who "
            "watches them now?",
            "Which of the judge's remarks should other forces hear?",
        ),
    ),
    Heading.WELFARE: Guide(
        "What the work did to those who did it.",
        (
            "Which part was hardest to hear, to watch or to translate, and who had to?",
            "What support was offered, when, and did interpreters and partners get it too?",
            "How long were the shifts of the arrest phase, and who made people go home?",
            "What sign of strain was missed, and how would we notice it next time?",
        ),
    ),
    Heading.WHAT_WORKED: Guide(
        "What you would do again, and how you know that it worked.",
        (
            "If you could take three things into the next operation, which would they be?",
            "How do you know each of them made the difference: a result, a time saved, a person "
            "who stayed?",
            "What did someone try that was in no plan and turned out right?",
            "What would another force need in order to do the same?",
        ),
    ),
    Heading.WHAT_DID_NOT: Guide(
        "What cost time, evidence or trust. About the work, not about who did it.",
        (
            "What was harder than it should have been, and at which point?",
            "What did we assume at the start that was not so?",
            "Where was evidence or somebody's trust lost, and could it have been kept?",
            "What stood in people's way: rules, kit, numbers, hours, or not having been told?",
        ),
    ),
    Heading.WHAT_WE_WOULD_CHANGE: Guide(
        "What would be different if it began again tomorrow.",
        (
            "What would you start a month sooner?",
            "What would you not do at all?",
            "Which role would you fill on the first day that came late this time?",
            "What would you write into the plan so that nobody has to remember it?",
        ),
    ),
    Heading.RECOMMENDATIONS: Guide(
        "What somebody should now do. Each with a role that owns it and a date.",
        (
            "What should change, in one sentence that starts with a verb?",
            "Which role or post owns it, and by when?",
            "How will anyone see that it has been done?",
            "Is it for this force, for the region, or for everyone?",
        ),
    ),
}

#: For the fields of a lesson, by name.
LESSON: dict[str, Guide] = {
    "title": Guide(
        "The lesson in one line that a busy officer can act on.",
        (
            "Does it start with what to do: meet, ask, book, record?",
            "Would it still make sense on its own, in a list from forty operations?",
        ),
    ),
    "observed": Guide(
        "What happened in this operation, and nothing that you only suppose.",
        (
            "What did people in the operation see, do or fail to do?",
            "At what point was it: first call, planning, arrest day, charge, trial?",
            "Was it once, or again and again?",
        ),
    ),
    "mattered": Guide(
        "What came of it: for a victim, for the evidence, for the time it took.",
        (
            "What was won or lost because of it?",
            "What would have happened otherwise, and how do you know?",
        ),
    ),
    "action": Guide(
        "What the next team should do, so plainly that it could go on a checklist.",
        (
            "Who does it, by role, and at which point?",
            "What do they need beforehand: a contact, a form, a decision, a budget?",
            "How will they know that it worked?",
        ),
    ),
}


def guide_to(heading: str) -> Guide | None:
    """The questions for a heading; none for a section without one."""
    return SECTIONS.get(heading)
