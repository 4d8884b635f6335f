"""The accounts of the local demo. They exist only where ``seed_demo`` was run, by choice."""

from typing import NamedTuple


class DemoAccount(NamedTuple):
    username: str
    password: str
    role: str


DEMO_ACCOUNTS = (
    DemoAccount("reader", "reader-demo-only", "reviewer"),
    DemoAccount("second", "second-demo-only", "reviewer"),
    DemoAccount("adjudicator", "adjudicator-demo-only", "adjudicator"),
    DemoAccount("curator", "curator-demo-only", "curator"),
    DemoAccount("admin", "admin-demo-only", "administrator"),
)
