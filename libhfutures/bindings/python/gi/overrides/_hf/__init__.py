# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What gi.overrides.Hf is made of; import it from gi.repository.Hf."""

from gi.module import get_introspection_module

# The library as introspection gives it, before anything is overridden.
Hf = get_introspection_module("Hf")
