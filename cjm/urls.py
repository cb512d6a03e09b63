from django.urls import include, path

from cjm import operator

urlpatterns = [
    path("", include("ui.urls")),
    path("", include("teams.urls")),
    path("", include("personas.urls")),
    path("", include("journeys.urls")),
    path("", include("workshops.urls")),
    path("", include("reports.urls")),
    path("operator/", operator.page, name="operator"),
    path("operator/<uuid:pk>/close/", operator.close_account, name="close_account"),
    path("operator/<uuid:pk>/open/", operator.open_account, name="open_account"),
]

handler400 = "teams.errors.bad_request"
handler403 = "teams.errors.forbidden"
handler404 = "teams.errors.not_found"
handler500 = "teams.errors.server_error"
