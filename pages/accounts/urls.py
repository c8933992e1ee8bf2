"""Signing in, accounts, the people of an office, sign-ups of institutions."""

from django.urls import path

from pages.accounts import inbox, invitations, passwords, people, sign_in, sign_ups

app_name = "accounts"
urlpatterns = [
    path("login/", sign_in.sign_in, name="sign_in"),
    path("logout/", sign_in.sign_out, name="sign_out"),
    path("account/", people.me, name="me"),
    path("account/office/", sign_in.choose_office, name="office"),
    path("account/no-office/", sign_in.no_office, name="no_office"),
    path("account/second-factor/", sign_in.second_factor, name="second_factor"),
    path("account/second-factor/setup/", sign_in.second_factor_setup, name="second_factor_setup"),
    path("account/password/", passwords.change, name="password"),
    path("account/forgotten/", passwords.forgotten, name="forgotten"),
    path("account/reset/<str:uid>/<str:token>/", passwords.reset, name="reset"),
    path("account/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("account/notifications/", inbox.inbox, name="notifications"),
    path("account/notifications/read/", inbox.read_all, name="notifications_read"),
    path("account/notifications/<int:pk>/", inbox.open_one, name="notification"),
    path("account/people/", people.own, name="people"),
    path("account/people/office/<int:office_id>/", people.people_of, name="people_of"),
    path("account/people/invite/<int:office_id>/", people.invite, name="invite"),
    path("account/people/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("account/people/<int:pk>/", people.person, name="person"),
    path("account/people/<int:pk>/reset/", people.reset, name="reset_link"),
    path("account/people/<int:pk>/powers/", people.powers, name="powers"),
    path("account/people/<int:pk>/leave/", people.leave, name="leave"),
    path("account/people/<int:pk>/<str:what>/", people.act, name="act"),
    path("account/sign-up/", sign_ups.ask, name="sign_up"),
    path("account/sign-up/status/", sign_ups.status, name="sign_up_status"),
    path("account/sign-ups/", sign_ups.waiting, name="sign_ups"),
    path("account/sign-ups/<int:pk>/", sign_ups.answer, name="sign_up_answer"),
]
