from django.urls import path

from lindung.compliance import finding_views, ladder_views, list_views, own_views

app_name = "compliance"
urlpatterns = [
    path("", finding_views.worklist, name="worklist"),
    path("ringkasan", finding_views.summary, name="summary"),
    path("cocokkan", finding_views.find, name="find"),
    path("temuan", finding_views.Findings.as_view(), name="findings"),
    path("temuan/<int:finding_id>", finding_views.finding, name="finding"),
    path("temuan/<int:finding_id>/putuskan", finding_views.judge, name="judge"),
    path("temuan/<int:finding_id>/jawaban", finding_views.object_to, name="object"),
    path("temuan/<int:finding_id>/surat", finding_views.letter, name="finding_letter"),
    path("jawaban/<int:event_id>/berkas", finding_views.answer_file, name="answer_file"),
    path("milik-sendiri", own_views.start, name="own_start"),
    path("milik-sendiri/<int:payer_id>", own_views.company, name="own"),
    path("milik-sendiri/<int:payer_id>/temuan/<int:finding_id>", own_views.finding, name="own_finding"),
    path("milik-sendiri/<int:payer_id>/temuan/<int:finding_id>/terima", own_views.accept, name="own_accept"),
    path("milik-sendiri/<int:payer_id>/surat/<int:step_id>", own_views.letter, name="own_letter"),
    path("tunggakan", ladder_views.ArrearsList.as_view(), name="arrears"),
    path("perusahaan/<int:payer_id>", ladder_views.company, name="company"),
    path("perusahaan/<int:payer_id>/langkah", ladder_views.propose, name="propose"),
    path("perusahaan/<int:payer_id>/angsuran", ladder_views.plan, name="plan"),
    path("surat/<int:step_id>", ladder_views.letter, name="letter"),
    path("surat/<int:step_id>/putuskan", ladder_views.decide, name="decide"),
    path("surat/<int:step_id>/bukti", ladder_views.proof, name="proof"),
    path("surat/<int:step_id>/kirim", ladder_views.send, name="send"),
    path("perkara/<int:case_id>/tutup", ladder_views.close, name="close"),
    path("angsuran/<int:plan_id>/putuskan", ladder_views.decide_plan, name="decide_plan"),
    path("daftar", list_views.Lists.as_view(), name="lists"),
    path("daftar/unggah", list_views.upload, name="upload"),
    path("daftar/<int:list_id>", list_views.ListPage.as_view(), name="list"),
]
