from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "lindung.core"
    label = "core"
    verbose_name = "Inti"

    def ready(self) -> None:
        from lindung.core import guards

        post_migrate.connect(guards.apply_after_migrate, dispatch_uid="lindung.core.guards")
