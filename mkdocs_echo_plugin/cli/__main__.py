"""`python -m mkdocs_echo_plugin.cli`, where the console script is not on the path."""

from mkdocs_echo_plugin.cli import main

main(prog_name="mkdocs-echo")
