"""Where a webhook may lead: never into our own network, however its name is answered."""

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django import Settings

from audits.services import outbound
from tests.audits.receiver import Receiver

Answers = dict[str, list[list[str]]]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "0.0.0.0", "169.254.169.254"),
        *("100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "224.0.0.1"),
        *("255.255.255.255", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0"),
        *("fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    ],
)
def test_private_addresses(address: str) -> None:
    assert not outbound.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses(address: str) -> None:
    assert outbound.is_public(address)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """A name server whose answers the test writes, one list of addresses for each question."""
    answers: Answers = {}
    real: Callable[..., Any] = socket.getaddrinfo

    def lookup(host: str, port: int, *args: Any, **options: Any) -> Any:
        if host not in answers:
            return real(host, port, *args, **options)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in answers[host].pop(0)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    yield answers


def sent(url: str) -> int:
    return outbound.post(url=url, body=b"{}", headers={})


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"]])
def test_name_that_leads_here_is_refused(names: Answers, addresses: list[str]) -> None:
    with Receiver() as receiver:
        names["hook.example"] = [addresses]
        with pytest.raises(outbound.AddressRefused, match=r"hook\.example"):
            sent(f"http://hook.example:{receiver.port}/")
        assert receiver.got == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "127.1", "0x7f000001"])
def test_this_machine_in_other_spellings_is_refused(host: str) -> None:
    with Receiver() as receiver:
        with pytest.raises(outbound.AddressRefused):
            sent(f"http://{host}:{receiver.port}/")
        assert receiver.got == []


def test_name_is_asked_once_and_the_connection_goes_where_it_was_looked_at(
    names: Answers, settings: Settings
) -> None:
    """A second answer, as a rebinding name server would give, is never asked for."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as receiver:
        names["hook.example"] = [["127.0.0.1"], ["10.0.0.1"]]
        assert sent(f"http://hook.example:{receiver.port}/x") == 200
        assert receiver.got[0].headers["Host"] == f"hook.example:{receiver.port}"
    assert names["hook.example"] == [["10.0.0.1"]]


def test_redirect_is_an_answer_not_an_order(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as other, Receiver(statuses=[302], location=other.url) as receiver:
        assert sent(receiver.url) == 302
        assert other.got == []


def test_proxies_of_the_environment_are_not_used(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as proxy, Receiver() as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sent(receiver.url) == 200
        assert (len(proxy.got), len(receiver.got)) == (0, 1)


def test_drip_of_bytes_ends_at_the_deadline(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time for itself; together they would take for ever."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(outbound, "SECONDS", 0.5)
    with Receiver(drips=True) as receiver, pytest.raises(httpcore.TimeoutException):
        sent(receiver.url)


@pytest.mark.parametrize(("named", "arrives"), [("hook.example", True), ("other.example", False)])
def test_certificate_is_checked_for_the_name_not_the_address(
    named: str, arrives: bool, names: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "is_public", lambda _: True)
    certificate = _certificate(named, tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names["hook.example"] = [["127.0.0.1"]]
    with Receiver(tls=context) as receiver:
        url = f"https://hook.example:{receiver.port}/"
        if arrives:
            assert sent(url) == 200
        else:
            with pytest.raises(httpcore.ConnectError, match="certificate"):
                sent(url)
        assert len(receiver.got) == int(arrives)


def _certificate(name: str, folder: Path) -> Path:
    """Self-signed, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
