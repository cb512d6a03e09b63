"""What people type about themselves and their teams."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from .models import Role, User
from .sign_in_links import FIRST_EMAIL


def _email(**attrs) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", **attrs})
    return forms.EmailField(label=_("E-mail"), max_length=254, widget=widget)


def _password(label, autocomplete: str, help_text="") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(
        label=label, strip=False, max_length=200, widget=widget, help_text=help_text
    )


def _new_password(label) -> forms.CharField:
    return _password(label, "new-password", _("At least 10 characters."))


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=_("Team’s name"), max_length=100)


class GuestNamesForm(forms.Form):
    """How long names of people without an account are kept."""

    days = forms.IntegerField(
        label=_("Names of workshop guests, days"),
        min_value=1,
        max_value=3650,
        help_text=_("So long after a workshop’s end; then “Participant” and a number."),
    )


class SignInForm(forms.Form):
    email = _email(autofocus=True)
    password = _password(_("Password"), "current-password")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class PersonForm(forms.ModelForm):
    """Name and e-mail; an address belongs to one person."""

    name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = _email()

    class Meta:
        model = User
        fields = ["name", "email"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This address already has an account."), code="taken")
        return email


class NewPersonForm(PersonForm):
    """A person with a first password."""

    password = _new_password(_("Password"))

    def clean(self):
        data = super().clean() or {}
        if password := data.get("password"):
            try:
                validate_password(password, self.instance)
            except forms.ValidationError as error:
                self.add_error("password", error)
            else:
                self.instance.set_password(password)
        return data


class WelcomeForm(NewPersonForm):
    """The first sign-in: who you are, and the name of your team."""

    team = forms.CharField(
        label=_("Team’s name"),
        max_length=100,
        help_text=_("Your team gets an empty workspace of its own. You can rename it later."),
    )

    def __init__(self, *args, instance: User, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if instance.email == FIRST_EMAIL:
            self.initial["email"] = ""
        if instance.has_usable_password():
            del self.fields["password"]


class AccountForm(PersonForm):
    """Name, e-mail, language."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta(PersonForm.Meta):
        fields = ["name", "email", "language"]


class PasswordForm(forms.Form):
    """A new password; the old one is asked unless a sign-in link has just proved who it is."""

    old = _password(_("Current password"), "current-password")
    new = _new_password(_("New password"))

    def __init__(self, *args, user: User, ask_old: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not ask_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError(_("That isn’t your current password."))
        return self.cleaned_data["old"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]


class DeleteAccountForm(forms.Form):
    """The password, to be sure who asks; who has none types the address."""

    password = _password(_("Current password"), "current-password")
    email = _email()

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["email" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("That isn’t your current password."))
        return self.cleaned_data["password"]

    def clean_email(self) -> str:
        if self.cleaned_data["email"].lower() != self.user.email:
            raise forms.ValidationError(_("That isn’t the address of this account."))
        return self.cleaned_data["email"]


class DeleteTeamForm(forms.Form):
    """The name of the team, typed again."""

    name = forms.CharField(label=_("Type the team’s name"), max_length=100)

    def __init__(self, *args, team: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_name(self) -> str:
        if " ".join(self.cleaned_data["name"].split()) != " ".join(self.team.split()):
            raise forms.ValidationError(_("That isn’t the team’s name."))
        return self.cleaned_data["name"]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """The role an invitation gives; never an owner's (see edits.invite)."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(r.value, r.label) for r in (Role.EDITOR, Role.VIEWER)]
    )
