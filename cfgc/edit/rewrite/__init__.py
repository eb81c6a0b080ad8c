"""Text in, text out: one value of a layer file put in place or taken away, all else byte for byte as it was.

`reach` walks to a value and refuses aliases, anchors and merge keys; `words` and `block` write values as text;
`entries` edits lines, `brackets` what stands in `{}` and `[]`; `put` divides a change into single edits. Each edit is
checked: the text is read again, and must hold exactly the wanted data and every comment outside of what was removed.
"""
