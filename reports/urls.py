from django.urls import path

from . import views

urlpatterns = [
    path("maps/<uuid:pk>/pdf/", views.poster, name="poster"),
    path("personas/<uuid:pk>/pdf/", views.persona_pdf, name="persona_pdf"),
    path("maps/<uuid:pk>/pdf/<uuid:job>/", views.poster_file, name="poster_file"),
    path("maps/<uuid:pk>/pdf/<uuid:job>/state/", views.poster_job, name="poster_job"),
    path("maps/<uuid:pk>/pdf/<uuid:job>/cancel/", views.poster_cancel, name="poster_cancel"),
]
