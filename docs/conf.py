"""How the documentation is built."""

import sys
from pathlib import Path

import reviewcore

sys.path.insert(0, str(Path(__file__).parent))
import generate

generate.write()

project = "reviewcore"
copyright = "2026, the reviewcore authors"
version = release = reviewcore.__version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "reviewcore"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
exclude_patterns = ["_build"]
smartquotes = False  # quotation marks in a profile are straight
nitpicky = True
