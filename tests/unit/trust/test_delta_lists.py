"""Delta lists of an authority: they name what changed since the whole list they amend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from authorities import ACTOR, PASSPHRASE, ROOT_PASSPHRASE
from cryptography import x509

from netops.errors import AuthorityError
from netops.gm import extensions as ext
from netops.gm.certificate import Certificate
from netops.gm.chain import Kind, Standing, Trust, judge
from netops.gm.choice import default_provider
from netops.gm.names import Attribute, write_name
from netops.gm.request import make_request
from netops.gm.revocation import Reason, RevocationList
from netops.trust.authority import Authority, opened, read_certificate
from netops.trust.health import Grade, examine
from netops.trust.home import Home
from netops.trust.issuing import Job, issue_batch
from netops.trust.lists import make_deltas, make_lists
from netops.trust.revoking import Revocation, release, revoke
from netops.trust.rollover import roll_over

PROVIDER = default_provider()
DELTA = "http://crl.example.cn/sub-delta.crl"


@pytest.fixture
def home(home: Home) -> Home:
    settings = yaml.safe_load(home.settings_file.read_text())
    settings["addresses"]["delta"] = DELTA
    home.settings_file.write_text(yaml.safe_dump(settings, allow_unicode=True))
    return home


def _partitioned(home: Home, parts: int) -> None:
    settings = yaml.safe_load(home.settings_file.read_text())
    settings["crl_partitions"] = parts
    home.settings_file.write_text(yaml.safe_dump(settings, allow_unicode=True))


def _issued(authority: Authority, count: int) -> list[Certificate]:
    jobs = [
        Job(str(n), make_request(
            PROVIDER, PROVIDER.generate(),
            write_name((Attribute("C", "CN"), Attribute("CN", f"d{n}"))),
        ))
        for n in range(count)
    ]  # fmt: skip
    made = issue_batch(authority, authority.profile("device"), jobs)
    return [Certificate.from_der(one.certificate) for one in made]


def _judged(home: Home, leaf: Certificate, *names: str) -> tuple[Standing, set[Kind]]:
    lists = tuple(RevocationList.from_der((home.public / name).read_bytes()) for name in names)
    at = datetime.now(UTC) + timedelta(seconds=2)
    by = Trust((read_certificate(home, "root"),), at, (read_certificate(home, "sub"),), lists)
    report = judge(PROVIDER, leaf, by)
    return report.standing, {p.kind for p in report.problems} - {Kind.LIST_MISSING}


def test_a_delta_names_what_changed_and_nothing_else(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        old, held, lifted, fresh, good = _issued(authority, 5)
        revoke(authority, [Revocation(old.serial, Reason.superseded)])
        for one in (held, lifted):
            revoke(authority, [Revocation(one.serial, Reason.certificateHold)])
        (whole,) = make_lists(authority)
        release(authority, lifted.serial)
        revoke(authority, [Revocation(held.serial, Reason.keyCompromise)])
        revoke(authority, [Revocation(fresh.serial, Reason.cessationOfOperation)])
        (delta,) = make_deltas(authority)
    found = RevocationList.from_der((home.public / "sub-delta.crl").read_bytes())
    assert {serial: one.reason for serial, one in found.entries.items()}.items() >= {
        held.serial: Reason.keyCompromise,
        lifted.serial: Reason.removeFromCRL,
        fresh.serial: Reason.cessationOfOperation,
    }.items()
    assert good.serial not in found.entries
    assert (found.base, found.number) == (whole.kept.number, delta.kept.number)
    assert delta.kept.number > whole.kept.number
    both = ("sub.crl", "sub-delta.crl")
    assert _judged(home, lifted, *both) == (Standing.VALID, set())
    assert _judged(home, good, *both) == (Standing.VALID, set())
    for one in (old, held, fresh):
        assert _judged(home, one, *both) == (Standing.INVALID, {Kind.REVOKED})


def test_the_second_parser_reads_a_delta_and_where_it_stands(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        (leaf,) = _issued(authority, 1)
        make_lists(authority)
        revoke(authority, [Revocation(leaf.serial, Reason.superseded)])
        make_deltas(authority)
    delta = x509.load_der_x509_crl((home.public / "sub-delta.crl").read_bytes())
    whole = x509.load_der_x509_crl((home.public / "sub.crl").read_bytes())
    indicator = delta.extensions.get_extension_for_class(x509.DeltaCRLIndicator)
    number = whole.extensions.get_extension_for_class(x509.CRLNumber)
    assert indicator.critical
    assert indicator.value.crl_number == number.value.crl_number
    freshest = whole.extensions.get_extension_for_class(x509.FreshestCRL).value
    named = x509.load_der_x509_certificate(leaf.der).extensions
    assert named.get_extension_for_class(x509.FreshestCRL).value == freshest
    assert [point.full_name[0].value for point in freshest] == [DELTA]  # type: ignore[index]
    assert ext.FRESHEST_CRL not in {one.oid.dotted_string for one in delta.extensions}


def test_each_part_of_the_lists_has_its_delta(home: Home) -> None:
    _partitioned(home, 3)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        leaves = _issued(authority, 6)
        make_lists(authority)
        for leaf in leaves:
            revoke(authority, [Revocation(leaf.serial, Reason.superseded)])
        made = make_deltas(authority)
    assert len(made) == 3
    for leaf in leaves:
        part = leaf.serial % 3
        names = (f"sub-{part}.crl", f"sub-delta-{part}.crl")
        assert _judged(home, leaf, *names) == (Standing.INVALID, {Kind.REVOKED})
        assert f"sub-delta-{part}.crl".encode() in leaf.extensions[ext.FRESHEST_CRL].value


def test_without_a_whole_list_there_is_no_delta(home: Home) -> None:
    with (
        opened(home, "sub", PASSPHRASE, ACTOR) as authority,
        pytest.raises(AuthorityError, match="none in force"),
    ):
        make_deltas(authority)
    assert not (home.public / "sub-delta.crl").exists()


def test_a_delta_amends_no_list_of_the_key_before(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as root:
        roll_over(root, "sub", PASSPHRASE)
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        with pytest.raises(AuthorityError, match="another key"):
            make_deltas(authority)
        make_lists(authority)
        assert len(make_deltas(authority)) == 1


def test_the_root_may_amend_its_list_too(home: Home) -> None:
    with opened(home, "root", ROOT_PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
        make_deltas(authority)
    assert Path(home.public / "root-delta.crl").exists()


def test_a_whole_list_after_a_delta_has_a_higher_number(home: Home) -> None:
    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
        (delta,) = make_deltas(authority)
        (whole,) = make_lists(authority)
        (next_delta,) = make_deltas(authority)
    assert delta.kept.number < whole.kept.number < next_delta.kept.number
    assert next_delta.kept.base == whole.kept.number


def test_health_says_of_a_delta_that_nobody_renews_and_calls_it_no_outage(home: Home) -> None:
    def grade(hours: float) -> Grade:
        at = datetime.now(UTC) + timedelta(hours=hours)
        (found,) = [one for one in examine(home, at) if one.part == "list sub-delta.crl"]
        return found.grade

    with opened(home, "sub", PASSPHRASE, ACTOR) as authority:
        make_lists(authority)
        assert grade(0.1) is Grade.WARNING
        make_deltas(authority)
    assert grade(0.1) is Grade.GOOD
    assert grade(2) is Grade.WARNING
    assert all(one.grade is not Grade.BAD for one in examine(home, datetime.now(UTC)))
