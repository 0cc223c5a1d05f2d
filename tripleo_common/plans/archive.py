"""Many files in one request: an archive that Swift unpacks.

Swift's bulk middleware makes an object of each member, and takes its content
type from the member's extended attribute ``user.mime_type`` (documented in
``swift.common.middleware.bulk``).
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping

#: Of the request that sends an archive.
QUERY = "extract-archive=tar"
#: The extended attribute, as a header of PAX names it.
CONTENT_TYPE = "SCHILY.xattr.user.mime_type"


def pack(files: Mapping[str, bytes], types: Mapping[str, str]) -> bytes:
    """An archive of *files*.

    :param files: contents by path.
    :param types: content types by path.
    """
    stream = io.BytesIO()
    with tarfile.open(
        fileobj=stream, mode="w", format=tarfile.PAX_FORMAT
    ) as tar:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            member.pax_headers = {CONTENT_TYPE: types[path]}
            tar.addfile(member, io.BytesIO(content))
    return stream.getvalue()
