from __future__ import annotations

import io
import tarfile

from tripleo_common.plans import archive


def test_members_have_contents_and_content_types():
    files = {"dir/värde ?#.yaml": b"a: 1\n", "x" * 200 + "/y": b""}
    types = dict(zip(files, ["application/yaml;a=b", "text/x"], strict=True))
    packed = archive.pack(files, types)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = {member.name: member for member in tar}
        assert members.keys() == files.keys()
        for path, member in members.items():
            assert tar.extractfile(member).read() == files[path]
            kind = member.pax_headers["SCHILY.xattr.user.mime_type"]
            assert kind == types[path]
