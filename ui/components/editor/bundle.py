"""The editor's bundle, served by Streamlit as a file. Lives here: how Streamlit learns where it lies.

Given as text it would travel with every message to the editor: half a megabyte a key press. A component reads files of
its own only when an installed package declares them; here the page declares them itself, each time to the server that
runs (tests start several).
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_FOLDER: Final = "built"
_MANIFEST: Final = ComponentManifest("stateline", "1", [ComponentConfig("editor", _FOLDER)])
_NAME: Final = "stateline.editor"


def mount(**arguments: Any) -> None:
    """Mount the component; arguments as Streamlit's components take them."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        manager.register_from_manifest(_MANIFEST, Path(__file__).parent)
    _component()(**arguments)


@cache
def _component() -> Any:
    return st.components.v2.component(_NAME, js="editor-*.js")
