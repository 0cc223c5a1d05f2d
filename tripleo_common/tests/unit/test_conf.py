from __future__ import annotations

from pathlib import Path

from oslo_config import generator

SAMPLE = Path(__file__).parents[3] / "etc" / "tripleo_common.conf.sample"


def test_the_sample_has_the_options_as_they_are(tmp_path):
    made = tmp_path / "made"
    arguments = ["--namespace", "tripleo_common", "--output-file", str(made)]
    generator.main(arguments)
    assert SAMPLE.read_text() == made.read_text(), (
        "make it anew: oslo-config-generator --namespace tripleo_common "
        "--output-file etc/tripleo_common.conf.sample"
    )
