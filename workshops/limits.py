"""How much a workshop takes."""

GUESTS = 300
GUEST_NAME = 40
CARD_TEXT = 2_000  # of a guest's card
CARDS_OF_A_GUEST = 200  # in one step
HEADS = 12  # people who share a phone
GROUPS = 12
GROUP_NAME = 60
STEPS = 40
AGENDAS = 50  # that a team keeps
AGENDA_NAME = 100
LATE = 120  # seconds in which a step that is over still takes what was being typed
