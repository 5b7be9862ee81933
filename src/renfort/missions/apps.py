from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "renfort.missions"

    def ready(self) -> None:
        from renfort.missions.selectors.mission import domains_shown
        from renfort.missions.services import (
            merging,  # noqa: F401 -- tells the storey below what becomes of missions when organisations become one
            team,  # noqa: F401 -- tells the storey below what a team is in charge of
        )
        from renfort.organisations.selectors.delegable import offer_domains

        offer_domains(lambda: [(each.pk, each.short) for each in domains_shown()])
