/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-response.h"

G_BEGIN_DECLS

/* Filled by a transport and the exchange while only one thread knows of it; const from then on. */
struct _HfResponse {
  GObject parent_instance;

  guint status;
  char *reason;        /* owned */
  char *uri;           /* owned */
  HfHeaders *headers;  /* owned */
  GBytes *bytes;       /* owned */
  GPtrArray *history;  /* owned; of HfResponse, oldest first */
  HfRequest *request;  /* owned; frozen */
  double elapsed;      /* seconds */

  char *encoding;      /* owned; atomic: found out on first use */
};

HfResponse *hf_response_new (guint       status,
                             const char *reason,
                             HfHeaders  *headers,
                             GBytes     *bytes);

G_END_DECLS
