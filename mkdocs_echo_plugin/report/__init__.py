"""What a build leaves for people and machines: report.v1, and one writer for each format that a CI reads.

`build` makes the report from a survey; `gate` holds it against the states that a site named; `digest` lists an
author's acts. A writer is a function from a report to text.
"""
