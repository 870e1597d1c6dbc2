"""The package build's hook: compiles the knowledge base into the wheel, so that an installed program only opens it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class KnowledgeBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `db/knowledge.sqlite` to a wheel. An editable install compiles on start instead."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from db.compile import compile_knowledge
        finally:
            sys.path.remove(self.root)
        self.folder = tempfile.TemporaryDirectory(prefix="decide-knowledge-")
        target = Path(self.folder.name) / "knowledge.sqlite"
        compile_knowledge(Path(self.root) / "db" / "knowledge", target)
        build_data["force_include"][str(target)] = "db/knowledge.sqlite"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if folder := getattr(self, "folder", None):
            folder.cleanup()
