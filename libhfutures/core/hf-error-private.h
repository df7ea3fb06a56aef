/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-error.h"

G_BEGIN_DECLS

/* How far one hop of a request has come. */
typedef enum {
  HF_PHASE_CONNECTING, /* resolving, connecting, proxy, TLS */
  HF_PHASE_SENDING,    /* writing the request */
  HF_PHASE_WAITING,    /* for the complete headers */
  HF_PHASE_READING,    /* the body */
  HF_PHASE_FETCHING,   /* reading what is to be sent, from where the user has it */
  HF_PHASE_QUEUED,     /* before connecting: in the queue of a SoupSession of the user's */
  HF_PHASE_LAST = HF_PHASE_QUEUED,
} HfPhase;

void    hf_init_i18n                (void);

char   *hf_error_redact_uri         (const char   *uri);
GError *hf_error_new_for_cause      (const GError *cause,
                                     HfPhase       phase,
                                     const char   *uri);
GError *hf_error_new_for_timeout    (HfError       code,
                                     double        seconds,
                                     const char   *uri);
GError *hf_error_new_not_serializable (const char *what);
GError *hf_error_new_cancelled      (const char   *uri);

G_END_DECLS
