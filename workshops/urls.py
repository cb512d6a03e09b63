from django.urls import include, path

from .views import entry, outcome, panel, room, screens, setup

_lead = [
    path("", screens.lead, name="lead"),
    path("screen/", screens.panel_screen, name="panel_screen"),
    path("begin/", setup.begin, name="begin_workshop"),
    path("drop/", setup.drop, name="drop_workshop"),
    path("steps/", setup.add_step, name="add_step"),
    path("steps/<uuid:step>/", setup.edit_step, name="edit_step"),
    path("steps/<uuid:step>/move/", setup.move_step, name="move_step"),
    path("steps/<uuid:step>/duplicate/", setup.duplicate_step, name="duplicate_step"),
    path("steps/<uuid:step>/delete/", setup.delete_step, name="delete_step"),
    path("steps/<uuid:step>/go/", panel.go_to, name="go_to_step"),
    path("open/", panel.open_entry, name="open_entry"),
    path("close/", panel.close_entry, name="close_entry"),
    path("pause/", panel.pause, name="pause"),
    path("go-on/", panel.go_on, name="go_on"),
    path("adjourn/", panel.adjourn, name="adjourn"),
    path("extend/", panel.extend, name="extend"),
    path("lock/", panel.lock, name="lock"),
    path("reveal/", panel.reveal, name="reveal"),
    path("spotlight/", panel.spotlight, name="spotlight"),
    path("take-over/", panel.take_over, name="take_over"),
    path("end/", panel.end, name="end_workshop"),
    path("join-cards/", panel.join_cards, name="join_cards"),
    path("cards/<uuid:card>/part/", panel.part_cards, name="part_cards"),
    path("values/", panel.take_value, name="take_value"),
    path("tasks/", panel.add_task, name="add_task"),
    path("guests/", panel.add_by_hand, name="add_by_hand"),
    path("guests/<uuid:guest>/rename/", panel.rename_guest, name="rename_guest"),
    path("guests/<uuid:guest>/remove/", panel.remove_guest, name="remove_guest"),
    path("guests/<uuid:guest>/let-back/", panel.let_guest_back, name="let_guest_back"),
    path("guests/<uuid:guest>/describe/", panel.describe_guest, name="describe_guest"),
    path("write-for/", panel.write_for, name="write_for"),
    path("outcome/", outcome.outcome, name="outcome"),
    path("outcome.csv", outcome.votes_csv, name="votes_csv"),
    path("share/", outcome.share, name="share_outcome"),
]

_room = [
    path("", screens.room, name="room"),
    path("screen/", screens.room_screen, name="room_screen"),
    path("cards/", room.add, name="add_guest_card"),
    path("cards/<uuid:card>/", room.edit, name="edit_guest_card"),
    path("cards/<uuid:card>/delete/", room.delete, name="delete_guest_card"),
    path("done/", room.done, name="say_done"),
    path("name/", room.rename, name="rename_self"),
    path("votes/", room.vote, name="vote"),
    path("ratings/", room.rate, name="rate"),
]

urlpatterns = [
    path("maps/<uuid:pk>/workshop/", setup.new_workshop, name="new_workshop"),
    path("workshops/<uuid:pk>/", include(_lead)),
    path("room/<uuid:pk>/", include(_room)),
    path("go/", entry.type_code, name="type_code"),
    path("J/<str:token>/", entry.enter, name="enter"),
    path("wall/<str:token>/", screens.wall, name="wall"),
    path("wall/<str:token>/screen/", screens.wall_screen, name="wall_screen"),
    path("outcome/<str:token>/", outcome.shared, name="shared_outcome"),
]
