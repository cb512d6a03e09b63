from django.urls import include, path

urlpatterns = [
    path("", include("ui.urls")),
    path("", include("teams.urls")),
    path("", include("personas.urls")),
    path("", include("journeys.urls")),
    path("", include("reports.urls")),
]
