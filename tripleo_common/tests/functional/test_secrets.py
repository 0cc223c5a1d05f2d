"""No secret is where it should not be; the last test of a run."""

from __future__ import annotations

from tripleo_common.tests.functional import plans, secrets_scan
from tripleo_common.undercloud import following, passwords
from tripleo_common.undercloud.client import Client


def test_no_secret_is_where_it_should_not_be(undercloud: Client) -> None:
    with plans.small(undercloud) as plan:
        follower = following.Follower(undercloud.heat, plan)
        undercloud.run_workflow(
            "tripleo.deployment.v1.deploy_plan",
            container=plan,
            queue_name=plan,
        )
        assert follower.follow(120) == "CREATE_COMPLETE"
        generated = undercloud.run_action(
            "tripleo.parameters.generate_passwords", container=plan
        )
        secrets = {
            **secrets_scan.texts(generated, "generated"),
            **secrets_scan.texts(passwords.load(undercloud.paths), "own"),
        }
        assert len(secrets) > 50
        tokens = {"the admin's token": undercloud.session.get_token()}
        assert not secrets_scan.scan(
            undercloud.paths, secrets, tokens, mirrors(undercloud)
        )
        found = secrets_scan.scan(undercloud.paths, {"name": plan}, {})
        places = {line.rpartition(":")[0] for line in found}
        # The scan does see what is there: the plan's name is everywhere.
        assert str(undercloud.paths.log("mistral")) in places
        assert "mistral.environments_v2.name" in places
        assert any("/swift/" in place for place in places)


def mirrors(undercloud: Client) -> list[bytes]:
    """The plans' files that may hold their passwords."""
    _, containers = undercloud.swift.get_account(full_listing=True)
    found = []
    for container in containers:
        _, objects = undercloud.swift.get_container(
            container["name"], prefix="plan-environment.yaml"
        )
        for each in objects:
            _, content = undercloud.swift.get_object(
                container["name"], each["name"]
            )
            found.append(content)
    return found
