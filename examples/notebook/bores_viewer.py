# SPDX-License-Identifier: MIT
"""The viewer in a notebook.

`pip install anywidget`, and bores-viewer.standalone.js of the npm package beside this file:

    from bores_viewer import BoresViewer
    view = BoresViewer.of("results/run.zarr.zip", property="oil_saturation")
    view            # shows it
    view.step = 12  # goes there; view.cell and view.value are what was clicked last
"""

import pathlib

import anywidget
import traitlets

HERE = pathlib.Path(__file__).parent


class BoresViewer(anywidget.AnyWidget):
    # One module: the element registers itself, then comes the widget's own `export default`.
    _esm = (HERE / "bores-viewer.standalone.js").read_text() + (HERE / "widget.js").read_text()
    src = traitlets.Unicode().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)
    name = traitlets.Unicode("run").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    height = traitlets.Int(480).tag(sync=True)
    property = traitlets.Unicode().tag(sync=True)
    range = traitlets.Unicode().tag(sync=True)
    colormap = traitlets.Unicode().tag(sync=True)
    view = traitlets.Unicode().tag(sync=True)
    controls = traitlets.Unicode("full").tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    cell = traitlets.List(traitlets.Int()).tag(sync=True)
    value = traitlets.Float(None, allow_none=True).tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    @classmethod
    def of(cls, path, **settings):
        """A run that lies beside the notebook: one file (.zarr.zip, .h5, .json, .yaml)."""
        file = pathlib.Path(path)
        return cls(data=file.read_bytes(), name=file.name, **settings)
