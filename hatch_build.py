"""Build hook: a wheel carries `stdlib/` and `contracts/` in the package, where gbalang/bundled.py finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleHook(BuildHookInterface[Any]):
    """An editable install reads the folders of the checkout, so that an edited contract is seen at once."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for folder in ("stdlib", "contracts"):
            build_data["force_include"][str(Path(self.root, folder))] = f"gbalang/_bundled/{folder}"
