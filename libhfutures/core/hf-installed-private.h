/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *hf_find_installed (const char *name);

G_END_DECLS
