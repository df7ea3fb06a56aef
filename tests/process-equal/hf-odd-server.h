/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-raw-server.h"

G_BEGIN_DECLS

/* Answers each path in its own way, of which many are wrong, and as a proxy. */
HfRawServer *hf_odd_server_new (void);

G_END_DECLS
