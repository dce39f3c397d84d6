"""The site map, read from top to bottom."""

from __future__ import annotations

from allauth.account.views import login, logout, signup
from django.conf import settings
from django.urls import include, path

from debriefs.demo import mailbox
from debriefs.views.absences import Absences
from debriefs.views.home import Home
from portal.views import health
from portal.views.static import About, Accessibility, Contact

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("", include("debriefs.urls")),
    path("about/", About.as_view(), name="about"),
    path("contact/", Contact.as_view(), name="contact"),
    path("accessibility/", Accessibility.as_view(), name="accessibility"),
    path("account/sign-in/", login, name="account_login"),
    path("account/sign-out/", logout, name="account_logout"),
    path("account/ask/", signup, name="account_signup"),
    path("account/absences/", Absences.as_view(), name="absences"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]

if settings.DEMO:
    urlpatterns += mailbox.urlpatterns

handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.server_error"
