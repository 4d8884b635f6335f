"""Fill an installation with the demo: five accounts and twelve phantoms, audited for real."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.demo_accounts import DEMO_ACCOUNTS
from audits.errors import ServiceError
from audits.services.demo import demo_account_ensure, demo_case_ensure
from inference.phantoms.demo import demo_cases


class Command(BaseCommand):
    help = "Make the demo accounts and cases. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        # Seeded last-to-first: the list starts with the newest, and the demo with its best case.
        for case in reversed(demo_cases()):
            try:
                demo_case_ensure(case=case)
            except ServiceError as refused:
                raise CommandError(f"{case.name}: {refused.message}") from refused
        self.stdout.write("Demo accounts (for this machine only):")
        for account in DEMO_ACCOUNTS:
            unchanged = demo_account_ensure(account=account)
            password = account.password if unchanged else "(password was changed)"
            self.stdout.write(f"  {account.username:<11} {password:<24} {account.role}")
