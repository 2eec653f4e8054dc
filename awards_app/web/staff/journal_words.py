"""The acts of the journal in words."""

from flask_babel import gettext as _

from awards_app.domain.words import N_

ACTS: dict[str, str] = {
    "accept_charter": N_("accepte la charte du jury"),
    "accept_invitation": N_("rejoint une structure"),
    "accept_seat": N_("accepte un siège de jury"),
    "annul_decision": N_("annule une décision"),
    "archive_round": N_("archive le tour"),
    "arm_publication": N_("programme la publication"),
    "ask_to_join": N_("demande à rejoindre une structure"),
    "break_tie": N_("départage des ex æquo"),
    "change_grid": N_("change les poids de la grille"),
    "change_password": N_("change son mot de passe"),
    "change_profile": N_("change son profil"),
    "close_call": N_("l’appel ferme"),
    "confirm_address": N_("confirme son adresse"),
    "confirm_decision": N_("confirme les décisions"),
    "create_candidacy": N_("commence une candidature"),
    "create_edition": N_("crée l’édition"),
    "create_structure": N_("crée une structure"),
    "decide_admissibility": N_("décide de la recevabilité"),
    "declare_interest": N_("déclare un lien ou son absence"),
    "delete_draft": N_("supprime un brouillon"),
    "disarm_publication": N_("suspend la publication programmée"),
    "drop_message": N_("écarte un message"),
    "edit_structure": N_("modifie une structure"),
    "end_sessions": N_("ferme des sessions"),
    "export_aggregates": N_("exporte les résultats agrégés"),
    "export_attributed": N_("exporte les notes attribuées"),
    "export_candidacies": N_("exporte les candidatures"),
    "export_journal": N_("exporte le journal"),
    "export_results": N_("exporte l’archive des résultats"),
    "extend_deadline": N_("déplace la date limite"),
    "finish_scoresheet": N_("termine une fiche"),
    "finish_seat": N_("a terminé ses fiches"),
    "freeze_minutes": N_("fige le procès-verbal"),
    "grant_role": N_("donne un rôle"),
    "import_candidacies": N_("importe des candidatures"),
    "invite_juror": N_("invite au jury"),
    "issue_certificate": N_("établit un certificat"),
    "lift_recusal": N_("lève un déport"),
    "lock_scoring": N_("verrouille les notes"),
    "open_call": N_("l’appel ouvre"),
    "open_scoring": N_("ouvre la notation"),
    "order_certificates": N_("commande les certificats"),
    "propose_decision": N_("propose une décision"),
    "publish_correction": N_("publie une correction"),
    "publish_honours": N_("publie le palmarès"),
    "read_attributed_scores": N_("lit les notes attribuées"),
    "read_ranking": N_("lit le classement"),
    "receive_candidacy": N_("le jury national reçoit une candidature"),
    "record_attendance": N_("note les présences"),
    "record_scoresheet": N_("note une candidature"),
    "recuse_juror": N_("déporte un membre du jury"),
    "register": N_("ouvre un compte"),
    "release_message": N_("laisse partir un message"),
    "remind_invitation": N_("relance une invitation"),
    "remind_jurors": N_("relance les membres du jury en retard"),
    "remove_juror": N_("retire un membre du jury"),
    "renew_snapshot": N_("refait l’instantané des notes"),
    "reopen_scoresheet": N_("rouvre une fiche"),
    "reset_password": N_("choisit un nouveau mot de passe"),
    "restore_draft": N_("rétablit un brouillon"),
    "resume_seat": N_("reprend ses fiches"),
    "retry_certificate": N_("relance un certificat"),
    "revoke_certificate": N_("révoque un certificat"),
    "revoke_role": N_("retire un rôle"),
    "set_embargo": N_("fixe l’embargo"),
    "set_participation": N_("dit si la région prend part"),
    "shorten_deadline": N_("avance la date limite de dépôt"),
    "sign_in": N_("se connecte"),
    "submit_candidacy": N_("dépose une candidature"),
    "take_back_candidacy": N_("reprend une candidature déposée"),
    "unlock_scoring": N_("rouvre la notation"),
    "waive_scoresheet": N_("dispense d’une fiche"),
    "withdraw_candidacy": N_("retire une candidature"),
    "withdraw_proposal": N_("retire une proposition"),
    "write_minutes": N_("écrit le procès-verbal"),
}
_PREFIXES = {
    "propose_": N_("propose à deux personnes : %(act)s"),
    "refuse_": N_("refuse : %(act)s"),
    "expire_": N_("proposition expirée : %(act)s"),
}


def act_in_words(act: str) -> str:
    """Return an act in the page's language; an act without words keeps its code."""
    if act in ACTS:
        return _(ACTS[act])
    for prefix, sentence in _PREFIXES.items():
        if act.startswith(prefix):
            return _(sentence, act=act_in_words(act.removeprefix(prefix)))
    return act
