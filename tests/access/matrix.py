"""Who gets which answer at which address? The expectation, declared; `test_matrix.py` holds it
against the site.

A new route, subject or person without an expectation fails there, and so does an expectation
without its route.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from debriefs.models import Part, Question, SynonymSet
from tests.world import PEOPLE

#: The identity of no part.
NO_PART = "00000000-0000-4000-8000-000000000000"

#: Sent to the page where one signs in, and from there back.
IN = "in"

#: Sent to the home page.
HOME = "home"

#: Sent to another page about the same thing, by the last piece of its address.
TO = "to:"

#: A form was sent, by someone who may: done, or told what is wrong with it.
FORM = "form"

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")

#: The debriefs of the scene, by what was done with them; a test holds them against `scene.py`.
SUBJECT_NAMES = (
    *("shared", "circle", "participants", "partners", "public", "drafting", "sent-back"),
    *("checking", "with-forces", "returned", "agreed", "withdrawn", "superseded", "taken-back"),
    *("renewed", "discarded", "checked", "reviewed", "answered"),
    *("second-round", "embargoed"),
)

#: The columns of the tables below: people of whom the same is expected everywhere.
COLUMNS: dict[str, tuple[str, ...]] = {
    # Nobody in particular; and an open session of someone who may not sign in any more
    "out": ("signed_out", "inactive"),
    # Signed in, but in no group: a superuser is no reader by that alone
    "none": ("superuser", "nobody", "outsider", "delta_signatory", "steward"),
    # The same, but for what they write themselves: they belong to another project team
    "other": ("other_author",),
    # Looks after accounts, and is no reader by that alone
    "admin": ("administrator",),
    # The police of a force that took part in nothing
    "charlie": ("charlie_officer", "charlie_signatory"),
    # Those of forces that took part, without a say in what is signed
    "officer": ("alpha_officer", "bravo_officer"),
    # Looks after the people of such a force
    "coord": ("coordinator",),
    # Those who sign: for the lead force, in its signatory's place, and for the other force
    "alpha": ("alpha_signatory",),
    "deputy": ("alpha_deputy",),
    "bravo": ("bravo_signatory", "both"),
    # Belongs to the circle in person
    "guest": ("guest",),
    # Law-enforcement partners
    "partner": ("partner_officer", "harbour_signatory"),
    # Those who write, and those who share as well
    "writes": ("author", "second_author"),
    "edits": ("editor", "second_editor"),
}

#: What GET answers at each address: the name of the route, then what stands in its place. `404/200`
#: under "none" tells apart what the other project team is answered; everywhere else it is the same.
GET = """
                                  out     none    admin   charlie officer coord   alpha   deputy  bravo   guest   partner writes  edits
home                              200     200     200     200     200     200     200     200     200     200     200     200     200
about                             200     200     200     200     200     200     200     200     200     200     200     200     200
contact                           200     200     200     200     200     200     200     200     200     200     200     200     200
accessibility                     200     200     200     200     200     200     200     200     200     200     200     200     200
account_login                     200     home    home    home    home    home    home    home    home    home    home    home    home
account_logout                    home    200     200     200     200     200     200     200     200     200     200     200     200
account_signup                    200     home    home    home    home    home    home    home    home    home    home    home    home
absences                          in      200     200     200     200     200     200     200     200     200     200     200     200
health_live                       200     200     200     200     200     200     200     200     200     200     200     200     200
health_ready                      200     200     200     200     200     200     200     200     200     200     200     200     200

debriefs:public                   200     200     200     200     200     200     200     200     200     200     200     200     200
debriefs:library                  in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:suggest                  in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:themes                   in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:theme evidence-led       in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:theme victim-care        in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:theme missing            in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:organisations            in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:organisation alpha       in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:organisation delta       in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:organisation missing     in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:signing                  in      200     200     200     200     200     200     200     200     200     200     200     200

debriefs:notices                  in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:notice 0                 in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:notice_failures          in      404     200     404     404     404     404     404     404     404     404     404     404
debriefs:searches                 in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:save_search              in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:ask                      in      200     200     200     200     200     200     200     200     200     200     200     200
debriefs:nothing_found            in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:questions                in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:question {question}      in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:question 0               in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:synonyms                 in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:add_synonyms             in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:change_synonyms {set}    in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:change_synonyms 0        in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:desk                     in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:desk_list overdue        in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:desk_list waiting        in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:desk_list missing        in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:drafts                   in      404/200 404     404     404     404     404     404     404     404     404     200     200
debriefs:start                    in      404/200 404     404     404     404     404     404     404     404     404     200     200

debriefs:debrief shared           in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:debrief circle           in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:debrief participants     in      404     404     404     200     200     200     200     200     404     404     200     200
debriefs:debrief partners         in      404     404     200     200     200     200     200     200     404     200     200     200
debriefs:debrief public           200     200     200     200     200     200     200     200     200     200     200     200     200
debriefs:debrief drafting         in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:debrief sent-back        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:debrief checking         in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:debrief with-forces      in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:debrief returned         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:debrief agreed           in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:debrief withdrawn        in      404     404     410     410     410     200     200     200     404     404     200     200
debriefs:debrief superseded       in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:debrief taken-back       in      404     404     410     200     200     200     200     200     200     404     200     200
debriefs:debrief renewed          in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:debrief discarded        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:debrief checked          in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:debrief reviewed         in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:debrief answered         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:debrief second-round     in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:debrief embargoed        in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:debrief missing          in      404     404     404     404     404     404     404     404     404     404     404     404

debriefs:history shared           in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:history circle           in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:history participants     in      404     404     404     200     200     200     200     200     404     404     200     200
debriefs:history partners         in      404     404     200     200     200     200     200     200     404     200     200     200
debriefs:history public           200     200     200     200     200     200     200     200     200     200     200     200     200
debriefs:history drafting         in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:history sent-back        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:history checking         in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:history with-forces      in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history returned         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history agreed           in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history withdrawn        in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history superseded       in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:history taken-back       in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:history renewed          in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:history discarded        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:history checked          in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:history reviewed         in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:history answered         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history second-round     in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history embargoed        in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:history missing          in      404     404     404     404     404     404     404     404     404     404     404     404

debriefs:similar shared           in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:similar circle           in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:similar participants     in      404     404     404     200     200     200     200     200     404     404     200     200
debriefs:similar partners         in      404     404     200     200     200     200     200     200     404     200     200     200
debriefs:similar public           200     200     200     200     200     200     200     200     200     200     200     200     200
debriefs:similar drafting         in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:similar sent-back        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:similar checking         in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:similar with-forces      in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar returned         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar agreed           in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar withdrawn        in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar superseded       in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:similar taken-back       in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:similar renewed          in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:similar discarded        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:similar checked          in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:similar reviewed         in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:similar answered         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar second-round     in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar embargoed        in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:similar missing          in      404     404     404     404     404     404     404     404     404     404     404     404

debriefs:version shared 1         in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:version shared 2         in      404     404     404     404     404     404     404     404     404     404     404     404
debriefs:version circle 1         in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:version participants 1   in      404     404     404     200     200     200     200     200     404     404     200     200
debriefs:version partners 1       in      404     404     200     200     200     200     200     200     404     200     200     200
debriefs:version public 1         200     200     200     200     200     200     200     200     200     200     200     200     200
debriefs:version drafting 1       in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version sent-back 1      in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version checking 1       in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version with-forces 1    in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version returned 1       in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version agreed 1         in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version withdrawn 1      in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version superseded 1     in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version superseded 2     in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:version taken-back 1     in      404     404     404     200     200     200     200     200     200     404     200     200
debriefs:version renewed 1        in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:version renewed 2        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version discarded 1      in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version checked 1        in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version reviewed 1       in      404     404     200     200     200     200     200     200     404     404     200     200
debriefs:version answered 1       in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version answered 2       in      404     404     404     404     404     404     404     404     404     404     200     200
debriefs:version second-round 1   in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version second-round 2   in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version embargoed 1      in      404     404     404     404     404     200     200     200     404     404     200     200
debriefs:version missing 1        in      404     404     404     404     404     404     404     404     404     404     404     404
"""

#: The pages of the work on a debrief: the route with what stands in its place, after the first bar
#: the debriefs that have the page, after the second who is answered what. Everyone else, and every
#: debrief that is not named, is answered as if there were nothing. `{slug}` is the debrief,
#: `{part}` its first part, `{lesson}` its first lesson, `rest` every debrief that was not named before for that address.
WORK = """
debriefs:check {slug} | drafting sent-back checking checked renewed answered | writes=200 edits=200
debriefs:check {slug} | rest | writes=403 edits=403
debriefs:send {slug} | checked | writes=403 edits=200
debriefs:send {slug} | rest | writes=403 edits=403
debriefs:release {slug} | shared circle participants partners public agreed embargoed superseded taken-back renewed reviewed | writes=403 edits=200
debriefs:release {slug} | rest | writes=403 edits=403
debriefs:withdraw_release {slug} policing | shared partners public superseded renewed reviewed | writes=403 edits=200
debriefs:withdraw_release {slug} policing | circle participants taken-back | writes=403 edits=404
debriefs:withdraw_release {slug} policing | rest | writes=403 edits=403
debriefs:withdraw_release {slug} missing | shared circle participants partners public superseded taken-back renewed reviewed | writes=403 edits=404
debriefs:withdraw_release {slug} missing | rest | writes=403 edits=403
debriefs:reopen {slug} | drafting sent-back checking checked renewed answered discarded | writes=403 edits=403
debriefs:reopen {slug} | rest | writes=200 edits=200
debriefs:review {slug} | shared circle participants partners public superseded taken-back renewed reviewed | writes=200 edits=200
debriefs:review {slug} | rest | writes=403 edits=403
debriefs:draft {slug}              | drafting sent-back renewed answered checking checked discarded | writes=200 edits=200
debriefs:facts {slug}              | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:facts_step {slug} outcome | drafting sent-back renewed answered | writes=200 edits=200
debriefs:facts_step {slug} outcome | checking checked | writes=403 edits=403
debriefs:facts_step {slug} missing | drafting sent-back renewed answered | writes=404 edits=404
debriefs:facts_step {slug} missing | checking checked | writes=403 edits=403
debriefs:add_part {slug}           | drafting sent-back renewed answered | writes=200 edits=200
debriefs:add_part {slug}           | checking checked | writes=403 edits=403
debriefs:part {slug} {part}        | drafting sent-back renewed answered | writes=200 edits=200
debriefs:part {slug} {part}        | checking checked | writes=403 edits=403
debriefs:move_part {slug} {part}   | drafting sent-back renewed answered | writes=200 edits=200
debriefs:move_part {slug} {part}   | checking checked | writes=403 edits=403
debriefs:remove_part {slug} {part} | drafting sent-back renewed answered | writes=200 edits=200
debriefs:remove_part {slug} {part} | checking checked | writes=403 edits=403
debriefs:bring_back {slug} {part}  | drafting sent-back renewed answered | writes=404 edits=404
debriefs:bring_back {slug} {part}  | checking checked | writes=403 edits=403
debriefs:recurrences {slug} {lesson} | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:recurrences {slug} {part} | drafting | writes=404 edits=404
debriefs:preview {slug}            | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:warnings {slug}           | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:remarks {slug}            | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:saves {slug}              | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:save {slug} 1             | drafting sent-back renewed answered checking checked | writes=200 edits=200
debriefs:save {slug} 999           | drafting | writes=404 edits=404
debriefs:presence {slug}           | drafting sent-back renewed answered | writes=200 edits=200
debriefs:submit {slug}             | drafting sent-back renewed answered | writes=200 edits=200
debriefs:submit {slug}             | checking checked | writes=403 edits=403
debriefs:take_back {slug}          | checking checked | writes=200 edits=200
debriefs:take_back {slug}          | drafting sent-back renewed answered | writes=403 edits=403
debriefs:discard {slug}            | drafting sent-back renewed answered | writes=200 edits=200
debriefs:discard {slug}            | checking checked discarded | writes=403 edits=403
debriefs:restore {slug}            | discarded | writes=200 edits=200
debriefs:restore {slug}            | drafting sent-back renewed answered | writes=403 edits=403
debriefs:sign {slug} 1 alpha | with-forces | alpha=200 deputy=200
debriefs:sign {slug} 1 alpha | shared circle participants partners public taken-back renewed reviewed superseded withdrawn returned agreed answered embargoed second-round | alpha=to:receipt deputy=to:receipt
debriefs:sign {slug} 1 bravo | with-forces | bravo=200
debriefs:sign {slug} 1 bravo | returned answered | bravo=409
debriefs:sign {slug} 1 bravo | shared circle participants partners public taken-back renewed reviewed superseded withdrawn agreed embargoed second-round | bravo=to:receipt
debriefs:confirm {slug} 1 alpha | with-forces | alpha=to:alpha deputy=403
debriefs:confirm {slug} 1 alpha | shared circle participants partners public taken-back renewed reviewed superseded withdrawn returned agreed answered embargoed second-round | alpha=to:receipt deputy=to:receipt
debriefs:receipt {slug} 1 alpha | shared circle participants partners public taken-back renewed reviewed superseded withdrawn returned agreed answered embargoed second-round | alpha=200 deputy=200
debriefs:withdraw_consent {slug} 1 alpha | shared circle participants partners public taken-back renewed reviewed agreed embargoed | alpha=200 deputy=200
debriefs:withdraw_consent {slug} 1 alpha | with-forces returned answered withdrawn superseded second-round | alpha=403 deputy=403
debriefs:end_proceedings {slug} 1 alpha | embargoed | alpha=200 deputy=200
debriefs:end_proceedings {slug} 1 alpha | shared circle participants partners public taken-back renewed reviewed with-forces superseded withdrawn returned agreed answered second-round | alpha=403 deputy=403
debriefs:sheet {slug} 1 | shared circle participants partners public taken-back renewed reviewed with-forces superseded withdrawn returned agreed answered embargoed second-round | alpha=200 deputy=200 bravo=200 writes=200 edits=200
"""

#: What every other method answers, whatever stands at the address and whoever may read it: a
#: method tells nothing of what is there. Signed out and signed in, where they differ. HEAD answers
#: as GET does, without a body. `form` is a page that POST does something at: whoever finds nothing
#: there, or may not, is answered as by GET.
OTHERS = """
                         OPTIONS  POST      PUT       PATCH   DELETE  TRACE
home                     200      405       405       405     405     405
about                    200      405       405       405     405     405
contact                  200      405       405       405     405     405
accessibility            200      405       405       405     405     405
account_login            200/home 200/home  200/home  405/home 405/home 405/home
account_logout           200      home      405       405     405     405
account_signup           200/home 200/home  200/home  200/home 200/home 200/home
absences                 in/200   in/form   in/405    in/405  in/405  in/405
health_live              405      405       405       405     405     405
health_ready             405      405       405       405     405     405
debriefs:public          200      405       405       405     405     405
debriefs:library         in/200   in/405    in/405    in/405  in/405  in/405
debriefs:suggest         in/200   in/405    in/405    in/405  in/405  in/405
debriefs:themes          in/200   in/405    in/405    in/405  in/405  in/405
debriefs:theme           in/200   in/405    in/405    in/405  in/405  in/405
debriefs:organisations   in/200   in/405    in/405    in/405  in/405  in/405
debriefs:organisation    in/200   in/405    in/405    in/405  in/405  in/405
debriefs:notices         in/200   in/form   in/405    in/405  in/405  in/405
debriefs:notice          in/200   in/405    in/405    in/405  in/405  in/405
debriefs:notice_failures in/200   in/form   in/405    in/405  in/405  in/405
debriefs:searches        in/200   in/form   in/405    in/405  in/405  in/405
debriefs:save_search     in/200   in/form   in/405    in/405  in/405  in/405
debriefs:ask             in/200   in/form   in/405    in/405  in/405  in/405
debriefs:nothing_found   in/200   in/form   in/405    in/405  in/405  in/405
debriefs:questions       in/200   in/405    in/405    in/405  in/405  in/405
debriefs:question        in/200   in/form   in/405    in/405  in/405  in/405
debriefs:synonyms        in/200   in/form   in/405    in/405  in/405  in/405
debriefs:add_synonyms    in/200   in/form   in/405    in/405  in/405  in/405
debriefs:change_synonyms in/200   in/form   in/405    in/405  in/405  in/405
debriefs:signing         in/200   in/405    in/405    in/405  in/405  in/405
debriefs:sign            in/200   in/form   in/405    in/405  in/405  in/405
debriefs:confirm         in/200   in/form   in/405    in/405  in/405  in/405
debriefs:receipt         in/200   in/405    in/405    in/405  in/405  in/405
debriefs:withdraw_consent in/200   in/form   in/405    in/405  in/405  in/405
debriefs:end_proceedings in/200   in/form   in/405    in/405  in/405  in/405
debriefs:sheet           in/200   in/405    in/405    in/405  in/405  in/405
debriefs:debrief         200      405       405       405     405     405
debriefs:history         200      405       405       405     405     405
debriefs:similar         200      405       405       405     405     405
debriefs:version         200      405       405       405     405     405
debriefs:check           in/200   in/form   in/405    in/405  in/405  in/405
debriefs:send            in/200   in/form   in/405    in/405  in/405  in/405
debriefs:release         in/200   in/form   in/405    in/405  in/405  in/405
debriefs:withdraw_release in/200  in/form   in/405    in/405  in/405  in/405
debriefs:reopen          in/200   in/form   in/405    in/405  in/405  in/405
debriefs:review          in/200   in/form   in/405    in/405  in/405  in/405
debriefs:desk            in/200   in/405    in/405    in/405  in/405  in/405
debriefs:desk_list       in/200   in/405    in/405    in/405  in/405  in/405
debriefs:drafts          in/200   in/405    in/405    in/405  in/405  in/405
debriefs:start           in/200   in/form   in/405    in/405  in/405  in/405
debriefs:draft           in/200   in/405    in/405    in/405  in/405  in/405
debriefs:facts           in/200   in/405    in/405    in/405  in/405  in/405
debriefs:facts_step      in/200   in/form   in/405    in/405  in/405  in/405
debriefs:add_part        in/200   in/form   in/405    in/405  in/405  in/405
debriefs:part            in/200   in/form   in/405    in/405  in/405  in/405
debriefs:move_part       in/200   in/form   in/405    in/405  in/405  in/405
debriefs:remove_part     in/200   in/form   in/405    in/405  in/405  in/405
debriefs:bring_back      in/200   in/form   in/405    in/405  in/405  in/405
debriefs:recurrences     in/200   in/form   in/405    in/405  in/405  in/405
debriefs:preview         in/200   in/405    in/405    in/405  in/405  in/405
debriefs:warnings        in/200   in/form   in/405    in/405  in/405  in/405
debriefs:remarks         in/200   in/form   in/405    in/405  in/405  in/405
debriefs:saves           in/200   in/405    in/405    in/405  in/405  in/405
debriefs:save            in/200   in/form   in/405    in/405  in/405  in/405
debriefs:presence        in/200   in/form   in/405    in/405  in/405  in/405
debriefs:submit          in/200   in/form   in/405    in/405  in/405  in/405
debriefs:take_back       in/200   in/form   in/405    in/405  in/405  in/405
debriefs:discard         in/200   in/form   in/405    in/405  in/405  in/405
debriefs:restore         in/200   in/form   in/405    in/405  in/405  in/405
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What is expected of GET at one address, by column."""

    route: str
    arguments: tuple[str, ...]
    answers: dict[str, str]

    @property
    def subject(self) -> str:
        """The debrief that stands in the address; empty where none does."""
        first = self.arguments[0] if self.arguments else ""
        return first if self.route.startswith("debriefs:") and first in SUBJECT_NAMES else ""

    @property
    def path(self) -> str:
        """The address; asks the database where the number of something stands in it."""
        numbers = {
            "{part}": self._part,
            "{lesson}": lambda: self._part(kind=Part.Kind.LESSON),
            "{question}": _question,
            "{set}": _set_of_synonyms,
        }
        arguments = [
            numbers[argument]() if argument in numbers else argument for argument in self.arguments
        ]
        return reverse(self.route, args=arguments)

    def _part(self, **which: str) -> str:
        parts = Part.objects.filter(version__debrief__slug=self.arguments[0], **which)
        first = parts.order_by("-version__number", "position").first()
        return str(first.identity if first else NO_PART)

    def __str__(self) -> str:
        return " ".join((self.route, *self.arguments))


def _question() -> str:
    return str(Question.objects.latest("pk").pk)


def _set_of_synonyms() -> str:
    return str(SynonymSet.objects.latest("pk").pk)


@cache
def rows() -> list[Row]:
    """The table of GET, row by row."""
    columns, *lines = (line.split() for line in GET.splitlines() if line.strip())
    cut = len(columns)
    return [
        Row(words[0], tuple(words[1:-cut]), _answers(columns, words[-cut:])) for words in lines
    ] + list(_work_rows([*columns, "other"]))


def _answers(columns: list[str], cells: list[str]) -> dict[str, str]:
    """One line of the table, with what the other project team is answered."""
    found = dict(zip(columns, cells, strict=True))
    found["none"], _, other = found["none"].partition("/")
    return {**found, "other": other or found["none"]}


def _work_rows(columns: list[str]) -> Iterator[Row]:
    """The table of work, a row for each address and debrief."""
    named: dict[str, dict[str, dict[str, str]]] = {}
    for line in WORK.splitlines():
        if line.strip():
            address, subjects, answers = (piece.strip() for piece in line.split("|"))
            by_subject = named.setdefault(address, {})
            rest = [name for name in SUBJECT_NAMES if name not in by_subject]
            for subject in rest if subjects == "rest" else subjects.split():
                known = by_subject.setdefault(subject, {})
                for answer in answers.split():
                    column, _, known[column] = answer.partition("=")
    for address, by_subject in named.items():
        route, *arguments = address.split()
        for subject in (*SUBJECT_NAMES, "missing"):
            nothing = {column: IN if column == "out" else "404" for column in columns}
            yield Row(
                route,
                tuple(subject if each == "{slug}" else each for each in arguments),
                nothing | by_subject.get(subject, {}),
            )


@cache
def _by_address() -> dict[tuple[str, ...], Row]:
    return {(row.route, *row.arguments): row for row in rows()}


@cache
def others() -> dict[str, dict[str, tuple[str, str]]]:
    """The table of the other methods: by route and method, the answers signed out and signed in."""
    methods, *lines = (line.split() for line in OTHERS.splitlines() if line.strip())
    table = {}
    for route, *answers in lines:
        pairs = (answer.partition("/") for answer in answers)
        both = [(signed_out, signed_in or signed_out) for signed_out, _, signed_in in pairs]
        table[route] = dict(zip(methods, both, strict=True))
    return table


def column_of(person: str) -> str:
    """The column in which a person stands: a key of the cast, or "signed_out"."""
    return next(name for name, people in COLUMNS.items() if person in people)


def expected(row: Row, method: str, person: str) -> str:
    """What the person has to be answered."""
    column = column_of(person)
    if method in ("GET", "HEAD"):
        return row.answers[column]
    answer = others()[row.route][method][0 if column == "out" else 1]
    if answer == FORM and row.answers[column] not in ("200", "409"):
        return row.answers[column]
    return answer


def answer_at(person: str, route: str, *arguments: str) -> str:
    """What GET has to answer the person at an address of the table."""
    return _by_address()[route, *arguments].answers[column_of(person)]


def cast() -> tuple[str, ...]:
    """Everyone of the world, and nobody."""
    return ("signed_out", *PEOPLE)


def patterns(
    resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its full name; one without a name is called by its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from patterns(entry, inner)
        else:
            name = entry.name or f"(without a name: {entry.pattern})"
            yield ":".join((*namespaces, name)), entry


def routes() -> list[str]:
    """The names of all routes, in the order of the site map."""
    return [name for name, _ in patterns()]
