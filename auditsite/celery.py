"""The Celery application; how tasks are delivered stands in `auditsite.delivery`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "auditsite.settings")

app = Celery("overread")
# By name: the options read Django's settings, which import this package first.
app.config_from_object("auditsite.delivery")
app.autodiscover_tasks()
