/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void hf_form_append_field (GString    *form,
                           const char *name,
                           const char *value);

G_END_DECLS
