from django.urls import include, path

from .views import account, entry, invitations, team, workspaces

_team = [
    path("", team.team, name="team"),
    path("leave/", team.leave, name="leave_team"),
    path("invitations/", team.invite, name="invite"),
    path("invitations/<uuid:pk>/revoke/", team.revoke_invitation, name="revoke_invitation"),
    path("<int:pk>/role/", team.change_role, name="change_role"),
    path("<int:pk>/remove/", team.remove_member, name="remove_member"),
    path("<int:pk>/reset/", team.reset_link, name="reset_link"),
]

urlpatterns = [
    path("", entry.home, name="home"),
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/link/<str:token>/", entry.sign_in_link, name="sign_in_link"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("welcome/", entry.welcome, name="welcome"),
    path("join/<str:token>/", invitations.join, name="join"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="change_password"),
    path("account/data/", account.my_data, name="my_data"),
    path("account/delete/", account.delete_account, name="delete_account"),
    path("workspaces/new/", workspaces.new_workspace, name="new_workspace"),
    path("w/<slug:slug>/rename/", workspaces.rename_workspace, name="rename_workspace"),
    path("w/<slug:slug>/guest-names/", workspaces.guest_names, name="guest_names"),
    path("w/<slug:slug>/remove/", workspaces.remove_demo, name="remove_demo"),
    path("w/<slug:slug>/restore/", workspaces.restore_team, name="restore_team"),
    path("w/<slug:slug>/team/", include(_team)),
]
