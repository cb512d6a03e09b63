"""A persona: for whom a map is made."""

from django.db import models

from changes.models import Document


class Persona(Document):
    """A typical customer, worked out from research. The fields are those of `fields.py`.

    `data` holds `{field key: text, or a list of texts}`; what a file brought beside the known
    fields is kept in `extra` and written back.
    """

    name = models.CharField(max_length=100)
    language = models.CharField(max_length=2, default="ru")
    key = models.CharField(max_length=100, blank=True)
    data = models.JSONField(default=dict)
    extra = models.JSONField(default=dict)

    # Set by access for the reader who asked.
    can_edit = False

    def __str__(self):
        return self.name
