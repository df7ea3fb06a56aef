/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-raw-server.h"

G_BEGIN_DECLS

/*
 * HfUploadServer:
 *
 * Tells of each request's body how it came: with which framing, how long it is, and what it is.
 * What it does with a path:
 *
 *   /ok          answers 200
 *   /temporary   redirects to /ok with 307, after the body
 *   /see-other   redirects to /ok with 303
 *   /digest      answers 401 until there are credentials
 *   /drop        answers, and the second time on a connection closes it instead, after the body
 */
typedef struct {
  HfRawServer *server; /* owned */
  GTlsCertificate *certificate; /* owned, nullable: it speaks TLS */
  GMutex lock;
  GString *log;        /* owned; guarded by lock: "METHOD PATH FRAMING LENGTH WHAT\n" */
  guint64 n_received;  /* guarded by lock: bytes of bodies */
  int n_ended;         /* atomic: connections */
} HfUploadServer;

HfUploadServer *hf_upload_server_new        (void);
/* Over https. */
HfUploadServer *hf_upload_server_new_tls    (GTlsCertificate *certificate);
gboolean        hf_upload_server_is_left    (gpointer        self);
void            hf_upload_server_free       (HfUploadServer *self);
char           *hf_upload_server_dup_uri    (HfUploadServer *self,
                                             const char     *path);
/* What has come since the last call. */
char           *hf_upload_server_take_log   (HfUploadServer *self);
guint64         hf_upload_server_get_n_received (HfUploadServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfUploadServer, hf_upload_server_free)

G_END_DECLS
