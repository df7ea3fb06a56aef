/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A certificate with its key, of those that tests/certificates/make made: "server", "client-a". */
GTlsCertificate *hf_load_certificate (const char *name);
/* What trusts all of them, and nothing else. */
GTlsDatabase    *hf_load_authority   (void);

G_END_DECLS
