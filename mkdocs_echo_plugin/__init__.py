"""mkdocs-echo-plugin: is the comment section an echo chamber?"""
