# SPDX-License-Identifier: Apache-2.0
"""The words of standard input and how often they are there, through a template."""
import collections
import sys

from mako.template import Template

counts = collections.Counter(sys.stdin.read().split())
words = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
print(Template(filename="words.mako").render(words=words).strip())
