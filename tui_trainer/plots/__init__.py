"""Series drawn as rows of styled cells.

`frame.draw` turns a `spec.PlotSpec` into rows; `heading.heading` is the line above it: legend, or the values under the
cursor; `sketch.sketch` is a small picture of functions. Rows are spans of text and the name of a role; `palette`
gives a role its colour.
"""
