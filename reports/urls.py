from django.urls import path

from . import views

urlpatterns = [
    path("maps/<uuid:pk>/pdf/", views.printout, name="printout"),
    path("personas/<uuid:pk>/pdf/", views.persona_pdf, name="persona_pdf"),
    path("workshops/<uuid:pk>/outcome.pdf", views.outcome_pdf, name="outcome_pdf"),
    path("outcome/<str:token>/pdf/", views.shared_outcome_pdf, name="shared_outcome_pdf"),
    path("maps/<uuid:pk>/pdf/<uuid:job>/", views.printout_file, name="printout_file"),
    path("maps/<uuid:pk>/pdf/<uuid:job>/state/", views.printout_job, name="printout_job"),
    path("maps/<uuid:pk>/pdf/<uuid:job>/cancel/", views.printout_cancel, name="printout_cancel"),
]
