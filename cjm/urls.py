from django.urls import include, path

urlpatterns = [
    path("", include("ui.urls")),
    path("", include("teams.urls")),
    path("", include("personas.urls")),
    path("", include("journeys.urls")),
    path("", include("reports.urls")),
]

handler400 = "teams.errors.bad_request"
handler403 = "teams.errors.forbidden"
handler404 = "teams.errors.not_found"
handler500 = "teams.errors.server_error"
