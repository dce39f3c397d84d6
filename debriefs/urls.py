"""Where debriefs are found and read."""

from __future__ import annotations

from django.urls import path

from debriefs.views import checking, library, notices, reading, releasing, themes

app_name = "debriefs"

urlpatterns = [
    path("public/", library.Public.as_view(), name="public"),
    path("debriefs/", library.Library.as_view(), name="library"),
    path("debriefs/<slug:slug>/", reading.Debrief.as_view(), name="debrief"),
    path("debriefs/<slug:slug>/history/", reading.History.as_view(), name="history"),
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
    path("themes/", themes.Themes.as_view(), name="themes"),
    path("themes/<slug:key>/", themes.Theme.as_view(), name="theme"),
    path("organisations/", themes.Organisations.as_view(), name="organisations"),
    path("organisations/<slug:key>/", themes.Organisation.as_view(), name="organisation"),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/failures/", notices.Failures.as_view(), name="notice_failures"),
    path("notices/<int:number>/", notices.Notice.as_view(), name="notice"),
]
