"""Reads deployment settings from environment variables, with errors that name the variable."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_POSTGRES_SCHEMES = {"postgres", "postgresql"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if value in ("", "0", "1", "true", "false", "yes", "no", "on", "off"):
        return default if value == "" else value in ("1", "true", "yes", "on")
    raise ImproperlyConfigured(f"{name}={value}: write 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name)
    if value and not value.isdigit():
        raise ImproperlyConfigured(f"{name}={value}: write a whole number.")
    return int(value) if value else default


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def table(name: str) -> dict[str, str]:
    """``key=value,key=value``."""
    pairs = [part.partition("=") for part in names(name)]
    if any(not (key.strip() and value.strip()) for key, _, value in pairs):
        raise ImproperlyConfigured(f"{name}: write name=value,name=value.")
    return {key.strip(): value.strip() for key, _, value in pairs}


def numbers(name: str) -> dict[str, int]:
    """``key=number,key=number``, each from 1 on."""
    found = table(name)
    if any(not value.isdigit() or int(value) < 1 for value in found.values()):
        raise ImproperlyConfigured(f"{name}: write name=number,name=number.")
    return {key: int(value) for key, value in found.items()}


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """``10.0.0.0/8,192.0.2.7``: networks, or single addresses."""
    try:
        return [ip_network(part) for part in names(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def secret(name: str) -> str:
    """The value of ``name``, or the content of the file that ``name_FILE`` points at, or ""."""
    path = text(f"{name}_FILE")
    return text(name) or (Path(path).read_text(encoding="utf-8").strip() if path else "")


def media_stores(
    *, bucket: str, endpoint: str, link_endpoint: str, region: str
) -> dict[str, dict[str, Any]]:
    """Django's stores of images, uploads and releases: a bucket, or without one a folder.

    ``links`` is the same bucket under the address that browsers reach it by.
    """
    if not bucket:
        return {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}

    def at(address: str) -> dict[str, Any]:
        if address and not address.startswith(("http://", "https://")):
            raise ImproperlyConfigured(f"MEDIA_S3_ENDPOINT={address}: write http(s)://host:port.")
        options = {"bucket_name": bucket, "endpoint_url": address or None}
        return {
            "BACKEND": "audits.storage.Bucket",
            "OPTIONS": {**options, "region_name": region or None},
        }

    return {"default": at(endpoint), "links": at(link_endpoint or endpoint)}


def oidc_apps(issuer: str, name: str) -> list[dict[str, Any]]:
    """django-allauth's description of the one provider; none without an issuer."""
    if not issuer:
        return []
    client, hidden = text("OIDC_CLIENT_ID"), secret("OIDC_CLIENT_SECRET")
    if not client or not hidden:
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    return [
        {
            "provider_id": "sso",
            "name": name,
            "client_id": client,
            "secret": hidden,
            "settings": {"server_url": issuer},
        }
    ]


def postgres(url: str, pool_size: int, *, prepares: bool) -> dict[str, Any]:
    """Django's description of the database at ``postgresql://user:password@host:port/name``.

    Query parameters become libpq options (``?sslmode=require``, ``?host=/run/postgresql``).
    Connections come from a pool, checked before use so that a restarted server is survived.
    """
    parts = urlsplit(url)
    if parts.scheme not in _POSTGRES_SCHEMES:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    # Only statements that ask for it (`audits.selectors.statements`) are prepared.
    options["prepare_threshold"] = 5 if prepares else None
    options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
