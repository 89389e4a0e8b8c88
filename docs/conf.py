"""How the documentation is built."""

import reviewcore

project = "reviewcore"
copyright = "2026, the reviewcore authors"
version = release = reviewcore.__version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "reviewcore"
html_static_path = ["_static"]
exclude_patterns = ["_build"]
nitpicky = True
