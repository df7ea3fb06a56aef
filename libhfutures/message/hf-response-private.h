/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-metrics-private.h"
#include "hf-request-private.h"
#include "hf-response.h"

G_BEGIN_DECLS

/* Filled by a transport and the exchange while only one thread knows of it; const from then on. */
struct _HfResponse {
  GObject parent_instance;

  guint status;
  char *reason;        /* owned */
  GUri *from;          /* owned */
  HfHeaders *headers;  /* owned */
  GBytes *bytes;       /* owned; empty when there is a stream */
  GInputStream *stream; /* owned, nullable: the body of a streamed response */
  GCancellable *closing; /* owned, with the stream: ends its reads for good */
  HfRequestData *sent; /* owned */
  double elapsed;      /* seconds */
  HfMetrics metrics;
  SoupHTTPVersion http_version;
  GTlsCertificate *tls_certificate; /* owned, nullable; atomic */
  GBytes *packed_certificate;       /* owned, nullable, const: instead of that until it is asked
                                     * for; DER */
  GVariant *attached;               /* owned, nullable: a{sv}; by hooks */
  int sealed;                       /* a descriptor of the sealed bytes of the body, owned until the
                                     * hooks are over; -1: none */
  HfRequestData *leads_to;          /* owned, nullable: what a redirect wants to be sent */

  /* Made on first use. */
  char *uri;           /* owned; atomic */
  char *encoding;      /* owned; atomic */
  HfRequest *request;  /* owned; atomic; frozen */
  HfRequest *next;     /* owned, nullable; atomic; frozen */
  const char *apparent_encoding; /* static; atomic */
  GBytes *loaded;      /* owned, nullable; atomic: what the stream had, once it has been loaded */
  int loading;         /* atomic: somebody is at it */
  GPtrArray *history;  /* owned; atomic; of HfResponse, oldest first */
};

HfResponse *hf_response_new (guint       status,
                             const char *reason,
                             HfHeaders  *headers,
                             GBytes     *bytes);

void        hf_response_attach (HfResponse *self,
                                const char *name,
                                GVariant   *value);
void        hf_response_forget_sealed (HfResponse *self);

gboolean    hf_is_redirect  (guint       status,
                             HfHeaders  *headers);

gboolean    hf_response_check_loaded (HfResponse  *self,
                                      GError     **error);

G_END_DECLS
