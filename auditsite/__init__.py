"""The Django project. Importing it sets Celery up, so that any process can send tasks."""

from auditsite.celery import app as celery_app

__all__ = ["celery_app"]
