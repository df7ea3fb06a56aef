/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-link.h"

G_BEGIN_DECLS

GPtrArray *hf_link_parse_all (const char *const *fields,
                              GUri              *base);

G_END_DECLS
