"""How comments stand in a page's HTML: one walker a family of markup. Each takes a `Page` and gives `RawComment`s."""
