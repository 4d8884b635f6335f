"""The one Django app of the platform, and Django's admin behind our own door."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class Administration(AdminConfig):
    default_site = "audits.administration.Administration"


class AuditsConfig(AppConfig):
    name = "audits"
    default_auto_field = "django.db.models.BigAutoField"
