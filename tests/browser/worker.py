"""The Celery worker of the browser tests: python -m tests.browser.worker."""

from auditsite.celery import app
from tests.browser.phantoms import install


def main() -> None:
    install()
    options = ["--queues=cpu,gpu", "--concurrency=1", "--loglevel=INFO", "--without-mingle"]
    app.worker_main(["worker", *options])


if __name__ == "__main__":
    main()
