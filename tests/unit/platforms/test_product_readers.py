"""Databases and web servers: effective settings out of what the collector prints of them."""

from __future__ import annotations

import pytest

from netops.facts.settings import ComponentFacts, Value
from netops.platforms.answer import Answer
from netops.platforms.linux_host.baseline import products
from netops.platforms.linux_host.baseline.sheet import Sheet


def component(**sections: str) -> ComponentFacts:
    sheets = {name: Sheet.of(name, Answer.of(text, name, "o")) for name, text in sections.items()}
    found = products.read(sheets)
    assert len(found) == 1
    return found[0]


def values(facts: ComponentFacts) -> dict[str, Value]:
    return {f"{s.name}[{s.key}]" if s.key else s.name: s.value for s in facts.settings}


def postgresql(conf: str = "", hba: str = "", auto: str = "", more: str = "") -> dict[str, Value]:
    def file(name: str, text: str) -> str:
        return f"=file {name}\n" + "".join(f"|{line}\n" for line in text.splitlines())

    text = (
        "=say none\n=say instance 15/main\n=say version 15.18\n"
        + file("/etc/postgresql/15/main/postgresql.conf", conf)
        + more
        + file("/var/lib/postgresql/15/main/postgresql.auto.conf", auto)
        + "=say hba /etc/postgresql/15/main/pg_hba.conf\n"
        + file("/etc/postgresql/15/main/pg_hba.conf", hba)
    )
    return values(component(postgresql=text))


def test_a_product_that_is_not_there_is_no_component() -> None:
    sheets = {name: Sheet.of(name, Answer.of("=say none")) for name in ("postgresql", "nginx")}
    assert products.read(sheets) == ()


def test_a_refused_product_is_there_by_name_and_has_no_setting() -> None:
    found = component(redis="=say none\n=say instance /etc/redis/redis.conf\n=refused /etc/redis")
    assert (found.component, found.instance, found.settings) == ("redis", "redis.conf", ())


def test_a_folder_that_may_not_be_listed_is_no_second_server() -> None:
    found = component(
        redis="=say none\n=say instance /etc/redis/redis.conf\n=refused /etc/redis/redis.conf\n"
        "=say instance /etc/redis/*/redis.conf\n=refused /etc/redis/*/redis.conf"
    )
    assert (found.component, found.instance, found.settings) == ("redis", "redis.conf", ())


def test_the_last_value_of_a_parameter_wins_and_alter_system_after_all_files() -> None:
    found = postgresql("ssl = off\nSSL 'on' # tls\nlog_connections = on", auto="ssl = 'off'")
    assert found["postgresql.ssl"] is False
    assert found["postgresql.log_connections"] is True


def test_an_include_stands_where_it_is_written() -> None:
    more = "=file /etc/postgresql/15/main/conf.d/b.conf\n|log_statement = ddl\n"
    more += "=file /etc/postgresql/15/main/conf.d/a.conf\n|log_statement = all\n"
    more += "=file /etc/postgresql/15/main/conf.d/deep/c.conf\n|log_statement = mod\n"
    assert postgresql("include_dir 'conf.d'", more=more)["postgresql.log_statement"] == "ddl"
    late = postgresql("include_dir 'conf.d'\nlog_statement = none", more=more)
    assert late["postgresql.log_statement"] == "none"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15min", 900), ("900000", 900), ("'900 s'", 900), ("1h", 3600), ("1", 1), ("９００s", None)],
)
def test_times_have_their_units(text: str, seconds: int | None) -> None:
    found = postgresql(f"idle_session_timeout = {text}")
    assert found.get("postgresql.idle_session_timeout_s") == seconds


def test_what_no_file_says_has_the_default_of_the_release() -> None:
    assert postgresql()["postgresql.password_encryption"] == "scram-sha-256"
    old = component(
        postgresql="=say instance 12/main\n=say version 12.9\n"
        "=file /etc/postgresql/12/main/postgresql.conf\n"
    )
    assert values(old)["postgresql.password_encryption"] == "md5"
    assert "postgresql.idle_session_timeout_s" not in values(old)


def test_a_line_of_admission_behind_one_that_catches_everything_is_no_setting() -> None:
    found = postgresql(
        hba="host all all 10.0.0.0/8 reject\nhost all all 10.9.0.0 255.255.0.0 trust\n"
        "host replication all 10.9.0.0/16 trust\nhost all all 192.0.2.0/24 scram-sha-256"
    )
    methods = {k.split("[")[1][:-1]: v for k, v in found.items() if ".hba.method[" in k}
    assert methods == {
        "host all all 10.0.0.0/8": "reject",
        "host replication all 10.9.0.0/16": "trust",
        "host all all 192.0.2.0/24": "scram-sha-256",
    }


@pytest.mark.parametrize(
    "line",
    ["host all all 10.0.0.0/8", "hots all all 10.0.0.0/8 md5", "host all all 10.0.0.0/8 ｔｒｕｓｔ",
     "local all all peer extra", "host all all 10.0.0.0/8 trust \\"],
)  # fmt: skip
def test_admission_with_a_line_that_is_not_understood_yields_nothing(line: str) -> None:
    found = postgresql(hba=f"local all all peer\n{line}")
    assert not [name for name in found if ".hba." in name]


def test_two_clusters_are_two_components() -> None:
    text = "".join(
        f"=say instance 15/{name}\n=say version 15.18\n=file /etc/postgresql/15/{name}/p.conf\n"
        for name in ("main", "other")
    )
    found = products.read({"postgresql": Sheet.of("postgresql", Answer.of(text))})
    assert [one.instance for one in found] == ["15/main", "15/other"]


def test_the_running_server_counts_more_than_its_files() -> None:
    found = component(
        postgresql="=say instance 15/main\n=say version 15.18\n=file /x/postgresql.conf\n|ssl = on",
        postgresql_live="=say instance 15/main\n=file live/settings\n|ssl\toff\t",
    )
    assert values(found)["postgresql.ssl"] is False


@pytest.mark.parametrize(("left", "told"), [("60", 60), ("61", 75), ("90", 90), ("-3", 0)])
def test_days_left_come_in_steps_so_that_evidence_stays_the_same_for_a_while(
    left: str, told: int
) -> None:
    found = values(component(
        postgresql_live=f"=say instance 15/main\n=file live/roles\n|app\tf\tscram-sha-256\t{left}"
    ))  # fmt: skip
    assert found["postgresql.role.expires_in_days[app]"] == told


def test_mariadb_reads_its_own_groups_and_release_alone() -> None:
    found = values(component(mariadb=(
        "=say instance default\n=say main /etc/my.cnf\n=say version mariadbd Ver 10.11.6-MariaDB\n"
        "=file /etc/my.cnf\n|[client]\n|local-infile = 0\n|[mariadb-10.6]\n|wait_timeout = 1\n"
        "|[mariadb-10.11]\n|wait-timeout = 600 # seconds\n|!includedir /etc/my.cnf.d\n"
        "=file /etc/my.cnf.d/z.cnf\n|[mysqld]\n|loose_max_password_errors=5\n"
        "=file /etc/my.cnf.d/skip.conf\n|[mysqld]\n|max_password_errors=9\n"
    )))  # fmt: skip
    assert found["mariadb.local_infile"] is True
    assert found["mariadb.wait_timeout_s"] == 600
    assert found["mariadb.lockout_attempts"] == 5


def test_mysql_itself_gets_no_defaults_of_mariadb() -> None:
    found = component(
        mariadb="=say instance default\n=say main /etc/my.cnf\n=say version mysqld Ver 8.0.36\n"
        "=file /etc/my.cnf\n|[mysqld]\n|wait_timeout=600"
    )
    assert (found.family, found.version) == ("mysql", "8.0.36")
    assert values(found) == {"mariadb.wait_timeout_s": 600}


def redis(*lines: str, more: str = "") -> dict[str, Value]:
    text = "=say instance /etc/redis/redis.conf\n=say version Redis server v=7.0.15 sha=0\n"
    text += "=file /etc/redis/redis.conf\n" + "".join(f"|{line}\n" for line in lines) + more
    return values(component(redis=text))


def test_a_file_that_redis_includes_last_overrides() -> None:
    found = redis(
        "timeout 300", "include /etc/redis/x-*.conf",
        more="=file /etc/redis/x-1.conf\n|timeout 0\n",
    )  # fmt: skip
    assert found["redis.timeout_s"] == 0


def test_the_default_user_of_redis_is_open_until_it_is_told_otherwise() -> None:
    assert redis()["redis.user.password_form[default]"] == "empty"
    assert redis("requirepass plain")["redis.user.password_form[default]"] == "plain"
    off = redis("user default off", "user app on #hash ~* +@all -@dangerous")
    assert off["redis.user.enabled[default]"] is False
    assert off["redis.user.dangerous[app]"] is False


def nginx(*lines: str, version: str = "1.22.1") -> dict[str, Value]:
    text = f"=say instance /etc/nginx/nginx.conf\n=say main /etc/nginx/nginx.conf\n=say version nginx version: nginx/{version}\n"
    text += "=file /etc/nginx/nginx.conf\n" + "".join(f"|{line}\n" for line in lines)
    return values(component(nginx=text))


def test_a_server_inherits_from_http_and_a_location_may_say_otherwise() -> None:
    found = nginx(
        "http {", "server_tokens off;", "server {", "listen 443 ssl;", "server_name a;",
        "location / {", "server_tokens on;", "}", "}", "server {", "listen 80;", "autoindex on;",
        "}", "}",
    )  # fmt: skip
    assert found["nginx.server_tokens[443 a]"] == "off"
    assert found["nginx.server_tokens[443 a location /]"] == "on"
    assert found["nginx.autoindex[80 _]"] is True
    assert found["nginx.server.tls_protocols[443 a]"] == ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
    assert found["nginx.server.plain_http[443 a]"] is False


@pytest.mark.parametrize(
    "lines", [("http {",), ("}",), ("http {", "?", "}"), ("server_tokens off;", "}")]
)
def test_nginx_that_would_not_start_yields_nothing(lines: tuple[str, ...]) -> None:
    assert nginx(*lines) == {}


def tomcat(name: str, *lines: str) -> dict[str, Value]:
    text = f"=say instance /t\n=say version 10.1.1\n=file /t/conf/{name}\n"
    return values(component(tomcat=text + "".join(f"|{line}\n" for line in lines)))


def test_a_realm_outside_of_the_lock_out_is_told() -> None:
    lock = '<Realm className="org.apache.catalina.realm.LockOutRealm">'
    inner = '<Realm className="org.apache.catalina.realm.UserDatabaseRealm"/>'
    inside = tomcat("server.xml", "<Server>", lock, inner, "</Realm>", "</Server>")
    assert inside["tomcat.lockout.on"] is True
    beside = tomcat("server.xml", "<Server>", lock, inner, "</Realm>", inner, "</Server>")
    assert beside["tomcat.lockout.on"] is False


@pytest.mark.parametrize(
    "lines",
    [("<!DOCTYPE a [<!ENTITY b 'c'>]>", "<Server port='8005'>&b;</Server>"), ("<Server port='1'>",),
     ("<Server>", "<malformed"), ("<a>" * 60, "</a>" * 60), ("<a>", "<b/>" * 6000, "</a>"), ()],
)  # fmt: skip
def test_hostile_xml_yields_nothing(lines: tuple[str, ...]) -> None:
    names = {"tomcat.applications", "tomcat.managers", "tomcat.samples"}
    assert set(tomcat("server.xml", *lines)) == names


def test_a_setting_names_the_line_that_it_rests_on() -> None:
    found = component(
        redis="=say instance /etc/redis/redis.conf\n=file /etc/redis/redis.conf\n|timeout 7"
    )
    source = next(s.source for s in found.settings if s.name == "redis.timeout_s")
    assert (source.observation, source.first, source.last) == ("o", 3, 3)


def test_files_that_include_themselves_end_soon_and_yield_nothing() -> None:
    assert nginx(*["include /etc/nginx/nginx.conf;"] * 50) == {}
    assert redis(*["include /etc/redis/redis.conf"] * 50) == {}
    assert "postgresql.ssl" not in postgresql("include 'postgresql.conf'\n" * 50)
    loop = (
        "=say instance default\n=say main /etc/my.cnf\n=say version mariadbd Ver 10.11.6-MariaDB\n"
    )
    loop += "=file /etc/my.cnf\n" + "|!include /etc/my.cnf\n" * 50
    assert values(component(mariadb=loop)) == {}
