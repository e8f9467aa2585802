"""How text is read: lines, bullets, steps, columns. Pure: text in, drafts out."""
