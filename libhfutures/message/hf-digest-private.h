/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a server wants to be proved, and how (RFC 7616 §3.3). */
typedef struct {
  GHashTable *params;         /* owned: all parameters by name, without regard to case */
  const char *realm;          /* in params */
  const char *nonce;          /* in params */
  GChecksumType checksum_type;
  gboolean is_session;        /* the algorithm ends in -sess */
  gboolean has_qop;           /* else as in RFC 2069 */
  gboolean wants_user_hash;
  gboolean is_stale;
} HfDigestChallenge;

HfDigestChallenge *hf_digest_challenge_find   (const char *const  *fields);
void               hf_digest_challenge_free   (HfDigestChallenge  *self);
char              *hf_digest_challenge_answer (HfDigestChallenge  *self,
                                               const char         *user,
                                               const char         *password,
                                               const char         *method,
                                               const char         *target,
                                               guint               count,
                                               const char         *client_nonce);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDigestChallenge, hf_digest_challenge_free)

G_END_DECLS
