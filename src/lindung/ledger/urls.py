from django.urls import path

from lindung.ledger import jht_views, period_views, views, withdrawal_views

app_name = "ledger"
urlpatterns = [
    path("", views.TrialBalance.as_view(), name="trial_balance"),
    path("akun/<str:code>", views.AccountPage.as_view(), name="account"),
    path("dana", views.funds, name="funds"),
    path("jurnal", views.Entries.as_view(), name="entries"),
    path("jurnal/baru", views.new_journal, name="new_journal"),
    path("jurnal/<int:entry_id>", views.entry, name="entry"),
    path("periode", period_views.periods, name="periods"),
    path("periode/<str:month>/tutup", period_views.close, name="close"),
    path("usul/<int:proposal_id>", period_views.proposal, name="proposal"),
    path("usul/<int:proposal_id>/bayar", withdrawal_views.pay_jht, name="pay_jht"),
    path("usul/<int:proposal_id>/<str:outcome>", period_views.decide, name="decide"),
    path("jht", jht_views.JhtAccounts.as_view(), name="jht_accounts"),
    path("jht/<int:membership_id>", jht_views.jht_account, name="jht_account"),
    path("jht/<int:membership_id>/pdf", jht_views.jht_account_pdf, name="jht_account_pdf"),
    path("jht/<int:membership_id>/ambil", withdrawal_views.take_jht, name="take_jht"),
    path("jht/tahun", jht_views.jht_years, name="jht_years"),
    path("jht/tahun/<int:year>/kreditkan", jht_views.credit, name="credit"),
    path("jht/tahun/<int:year>/hasil", jht_views.propose_rate, name="propose_rate"),
]
