/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <libsoup/soup.h>

#include "hf-request-private.h"

G_BEGIN_DECLS

typedef struct _HfConnectionConfig HfConnectionConfig;

/*
 * HfConnectionConfig:
 *
 * Everything that decides how a connection is made. Immutable, so any thread may read it.
 *
 * libsoup picks idle connections by host alone. Sessions are therefore never used under two
 * configurations that are not hf_connection_config_equal().
 */
struct _HfConnectionConfig {
  gatomicrefcount ref_count;

  GProxyResolver *proxy_resolver;          /* owned; NULL: the system's */
  GTlsDatabase *tls_database;              /* owned; NULL: the system's */
  GTlsInteraction *tls_interaction;        /* owned, nullable */
  GTlsCertificate *tls_certificate;        /* owned, nullable */
  gboolean tls_insecure;
  gboolean http2;                          /* offered to servers, on loops only */
  GInetSocketAddress *local_address;       /* owned, nullable */
  GSocketConnectable *remote_connectable;  /* owned, nullable */

  /* What may differ between requests that share a connection. */
  char *user_agent;                        /* owned, nullable */
  char *accept_language;                   /* owned, nullable */
  const char *invalid_field;               /* static; which of these two cannot be sent */
  guint io_timeout;                        /* seconds; 0: never */
  gboolean decodes;                        /* asks for and decodes content encodings */
  SoupLoggerLogLevel log_level;
};

HfConnectionConfig *hf_connection_config_new         (void);
HfConnectionConfig *hf_connection_config_new_for     (SoupSession        *soup_session,
                                                      gboolean            supplied);
void                hf_connection_config_check_fields
                                                     (HfConnectionConfig *self);
HfConnectionConfig *hf_connection_config_ref         (HfConnectionConfig *self);
void                hf_connection_config_unref       (HfConnectionConfig *self);
HfConnectionConfig *hf_connection_config_for_request (HfConnectionConfig *self,
                                                      HfRequestData      *request,
                                                      gboolean            http2);
gboolean            hf_connection_config_equal       (HfConnectionConfig *self,
                                                      HfConnectionConfig *other);
char               *hf_connection_config_list_lost   (SoupSession        *soup_session,
                                                      gboolean            strict);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfConnectionConfig, hf_connection_config_unref)

G_END_DECLS
