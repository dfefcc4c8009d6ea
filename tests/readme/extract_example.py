#!/usr/bin/env python3
"""Writes the one C++ block of a Markdown file to a source file.
usage: extract_example.py README.md OUTPUT.cc
"""
import pathlib
import re
import sys

blocks = re.findall(r"^```cpp\n(.*?)^```$", pathlib.Path(sys.argv[1]).read_text(), re.M | re.S)
if len(blocks) != 1:
    sys.exit(f"{sys.argv[1]} has {len(blocks)} C++ blocks, expected 1")
pathlib.Path(sys.argv[2]).write_text(blocks[0])
