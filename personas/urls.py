from django.urls import path

from . import views

urlpatterns = [
    path("w/<slug:slug>/personas/new/", views.new_persona, name="new_persona"),
    path("personas/<uuid:pk>/", views.persona, name="persona"),
    path("personas/<uuid:pk>/delete/", views.delete_persona, name="delete_persona"),
    path("personas/<uuid:pk>/restore/", views.restore_persona, name="restore_persona"),
]
