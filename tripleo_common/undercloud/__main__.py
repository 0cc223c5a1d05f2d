"""``python -m tripleo_common.undercloud``."""

import sys

from tripleo_common.undercloud.cli import main

sys.exit(main())
