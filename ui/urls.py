from django.urls import path

from . import views

urlpatterns = [
    path("preferences/language/", views.set_language, name="set_language"),
    path("preferences/theme/", views.set_theme, name="set_theme"),
    path("gallery/", views.gallery, name="gallery"),
]
