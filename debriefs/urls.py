"""Where debriefs are found and read."""

from __future__ import annotations

from django.urls import path

from debriefs.views import (
    beside,
    checking,
    desk,
    drafts,
    editor,
    library,
    notices,
    parts,
    presence,
    preview,
    reading,
    releasing,
    saves,
    searches,
    signed,
    signing,
    tending,
    themes,
    writing,
)

app_name = "debriefs"

urlpatterns = [
    path("public/", library.Public.as_view(), name="public"),
    path("debriefs/", library.Library.as_view(), name="library"),
    path("search/suggest/", library.Suggest.as_view(), name="suggest"),
    path("debriefs/<slug:slug>/", reading.Debrief.as_view(), name="debrief"),
    path("debriefs/<slug:slug>/history/", reading.History.as_view(), name="history"),
    path("debriefs/<slug:slug>/similar/", reading.Similar.as_view(), name="similar"),
    path("debriefs/<slug:slug>/versions/<int:number>/", reading.Version.as_view(), name="version"),
    path("debriefs/<slug:slug>/check/", checking.Check.as_view(), name="check"),
    path("debriefs/<slug:slug>/send/", checking.Send.as_view(), name="send"),
    path("debriefs/<slug:slug>/release/", releasing.Release.as_view(), name="release"),
    path(
        "debriefs/<slug:slug>/release/<slug:group>/withdraw/",
        releasing.WithdrawRelease.as_view(),
        name="withdraw_release",
    ),
    path("debriefs/<slug:slug>/reopen/", releasing.Reopen.as_view(), name="reopen"),
    path("debriefs/<slug:slug>/review/", releasing.Review.as_view(), name="review"),
    path("drafts/", drafts.Drafts.as_view(), name="drafts"),
    path("drafts/new/", drafts.StartDraft.as_view(), name="start"),
    *(
        path(f"debriefs/<slug:slug>/draft/{address}", view.as_view(), name=name)
        for address, view, name in (
            ("", writing.Draft, "draft"),
            ("facts/", writing.Facts, "facts"),
            ("facts/<slug:step>/", writing.FactsStep, "facts_step"),
            ("parts/add/", parts.AddAPart, "add_part"),
            ("parts/<uuid:part>/", editor.WritePart, "part"),
            ("parts/<uuid:part>/move/", parts.MovePart, "move_part"),
            ("parts/<uuid:part>/remove/", parts.RemovePart, "remove_part"),
            ("bring-back/<uuid:part>/", parts.BringBack, "bring_back"),
            ("preview/", preview.Preview, "preview"),
            ("warnings/", beside.Warnings, "warnings"),
            ("remarks/", beside.Remarks, "remarks"),
            ("saves/", saves.Saves, "saves"),
            ("saves/<int:revision>/", saves.OneSave, "save"),
            ("presence/", presence.AtTheDraft, "presence"),
            ("submit/", drafts.Submit, "submit"),
            ("take-back/", drafts.TakeBack, "take_back"),
            ("discard/", drafts.Discard, "discard"),
            ("restore/", drafts.Restore, "restore"),
        )
    ),
    path("signing/", signing.Queue.as_view(), name="signing"),
    path(
        "debriefs/<slug:slug>/versions/<int:number>/sign/<slug:force>/",
        signing.Sign.as_view(),
        name="sign",
    ),
    path(
        "debriefs/<slug:slug>/versions/<int:number>/sign/<slug:force>/confirm/",
        signing.Confirm.as_view(),
        name="confirm",
    ),
    path(
        "debriefs/<slug:slug>/versions/<int:number>/sign/<slug:force>/receipt/",
        signed.Receipt.as_view(),
        name="receipt",
    ),
    path(
        "debriefs/<slug:slug>/versions/<int:number>/sign/<slug:force>/withdraw/",
        signed.Withdraw.as_view(),
        name="withdraw_consent",
    ),
    path(
        "debriefs/<slug:slug>/versions/<int:number>/sign/<slug:force>/proceedings-ended/",
        signed.ProceedingsEnded.as_view(),
        name="end_proceedings",
    ),
    path("debriefs/<slug:slug>/versions/<int:number>/sheet/", signed.Sheet.as_view(), name="sheet"),
    path("desk/", desk.Desk.as_view(), name="desk"),
    path("desk/<slug:state>/", desk.DeskList.as_view(), name="desk_list"),
    path("themes/", themes.Themes.as_view(), name="themes"),
    path("themes/<slug:key>/", themes.Theme.as_view(), name="theme"),
    path("organisations/", themes.Organisations.as_view(), name="organisations"),
    path("organisations/<slug:key>/", themes.Organisation.as_view(), name="organisation"),
    path("searches/", searches.Searches.as_view(), name="searches"),
    path("searches/save/", searches.SaveSearch.as_view(), name="save_search"),
    path("searches/ask/", searches.Ask.as_view(), name="ask"),
    path("searches/nothing-found/", tending.NothingFound.as_view(), name="nothing_found"),
    path("searches/questions/", tending.Questions.as_view(), name="questions"),
    path("searches/questions/<int:number>/", tending.Question.as_view(), name="question"),
    path("synonyms/", tending.Synonyms.as_view(), name="synonyms"),
    path("synonyms/add/", tending.AddSynonyms.as_view(), name="add_synonyms"),
    path("synonyms/<int:number>/", tending.ChangeSynonyms.as_view(), name="change_synonyms"),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/failures/", notices.Failures.as_view(), name="notice_failures"),
    path("notices/<int:number>/", notices.Notice.as_view(), name="notice"),
]
